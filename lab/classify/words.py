"""The words that opinions are made of: many adjectives with a verdict, many nouns without one."""


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GOOD = _list(
    """
    admirable agreeable amazing amusing attractive beautiful bold brave bright brilliant calm
    capable celebrated charming cheerful clean clear clever comfortable confident convincing cool
    creative delightful distinguished dramatic elegant enjoyable excellent
    exceptional extraordinary faithful famous fascinating fine flawless fresh friendly
    funny generous gentle glorious golden good graceful grand great happy heavenly honest
    hopeful ideal impressive intelligent interesting lively lovely magic magnificent
    memorable moving natural neat nice noble notable outstanding passionate patient peaceful
    perfect pleasant popular powerful practical precious proud pure remarkable reliable rich
    romantic safe satisfying sincere smooth special splendid strong successful sunny superb
    superior sweet talented tasteful tender thoughtful touching true useful valuable vivid warm
    welcome wise witty wonderful worthy
    """
)
BAD = _list(
    """
    absurd annoying arrogant awful awkward bad bitter bland boring broken careless chaotic
    cheap childish clumsy cold confused cruel damaged dead dim dirty disappointing dismal dreadful
    dreary dull empty endless evil fake false faint feeble flat foolish forced foul gloomy
    grim harsh hateful hollow hopeless horrible inferior irritating lame lazy
    lifeless loud mean meaningless mediocre messy miserable monotonous murky nasty negative noisy
    offensive ordinary pale pathetic painful pointless poor predictable pretentious ridiculous
    rotten rough rude sad selfish senseless shabby shallow shameful sick silly sleepy slow sour
    stale stupid tasteless tedious terrible thin tired tiresome trivial ugly uncomfortable
    unconvincing unhappy uninteresting unpleasant unsafe unsuccessful useless vain
    vile violent vulgar weak wooden worthless wretched wrong
    """
)
NOUNS = _list(
    """
    actor album article ballet band book bridge building café camera car castle cathedral chapter
    coat comedy concert course dance design dinner drama dress drink ending event evening
   exhibition festival film flight game garden guide hall hotel house idea journey
    kitchen lecture letter library lunch machine magazine market match meal movie museum
    novel orchestra painting park performance piano place plan play poem programme report
    restaurant room scene school season series service show singer song speech station story
    street style summer team theatre tour town train trip valley view village voice walk winter
    """
)
DEGREES = ("very", "really", "rather", "quite", "truly")
ENDINGS = (
    "in the end",
    "from the beginning",
    "that evening",
    "for all of us",
    "last year",
    "this time",
    "as always",
    "to my surprise",
    "on the whole",
    "after all",
)
