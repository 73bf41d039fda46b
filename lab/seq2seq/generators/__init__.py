"""The generators behind `lab.seq2seq.TASKS`: each writes pairs and knows what comes from what.

Because the rules are known, so is the alignment: for every token of the target the generator says
which tokens of the source it comes from. People do not agree on that for real sentences.
"""
