# The lab for a class: docker build -t glasshouse . && docker run -p 8501:8501 -v glasshouse:/data glasshouse
FROM python:3.11-slim

# cpu: PyTorch without several gigabytes for GPUs; auto, or cu128 and the like, for a machine with one.
ARG TORCH=cpu

# GDAL, inside rasterio, is built against the system's libexpat.
RUN apt-get update && apt-get install -y --no-install-recommends libexpat1 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /glasshouse
COPY requirements.txt .
RUN pip install --no-cache-dir uv==0.13.8 \
    && uv pip install --system --no-cache --torch-backend=${TORCH} -r requirements.txt
COPY . .

RUN useradd --create-home lab && mkdir /data && chown lab /data
USER lab
ENV GLASSHOUSE_DATA=/data PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8501

HEALTHCHECK --start-period=60s CMD ["python", "-c", \
    "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=5)"]
ENTRYPOINT ["python", "-m", "lab", "--server.address=0.0.0.0", "--server.headless=true"]
