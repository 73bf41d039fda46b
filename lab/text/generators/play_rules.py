"""The rules of the play: how its people ask, answer, report, promise and wonder.

See `grammar` for the notation. The play adds: {*thing} is a noun phrase that the following {=be}
and {it} agree with, {be *thing} the same with the verb before it, {-thing} one that they do not;
{who} names someone who is spoken of, and {they}, {them}, {their}, {~be} then agree with that
person, while {-who} leaves them as they were; {you} is the one spoken to.
"""

from __future__ import annotations

from lab.text.generators.words import LEXICON


def _rules(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


RULES = {
    **LEXICON,
    "at_place": _rules("""
in the {place}
near the {place}
behind the {place}
beside the {place}
under the {place_adjective} {place}
outside the {place}
by the {place}
opposite the {place}
between the {place} and the {plant}
on the far side of the {place}
at the {place_adjective} {place}
"""),
    "somebody": _rules("""
{-who}
{-who}
the {role}
the {person_adjective} {role}
my {sister|brother|cousin|aunt|uncle|neighbour|grandmother|grandfather|landlord|teacher|friend}
a stranger
everyone
"""),
    "agent": _rules("""
I
I
we
{who}
{who}
{who}
the {role}
somebody
nobody
"""),
    "did": _rules("""
{thing_verb.past} {-thing}
{thing_verb.past} {-thing} {at_place}
{thing_verb.past} {-thing} {adverb}
{plant_verb.past} {-plant}
{plant_verb.past} {-plant} {with|without} {-thing}
{person_verb.past} {somebody} {at_place}
{alone_verb.past} {at_place}
{alone_verb.past} {and|or} {alone_verb.past}
{thing_verb.past} {-thing} and {thing_verb.past} {-thing}
{person_verb.past} {somebody} {adverb}
"""),
    "do": _rules("""
{thing_verb} {-thing}
{thing_verb} {-thing} {at_place}
{thing_verb} {-thing} {adverb}
{plant_verb} {-plant}
{plant_verb} {-plant} {with|without} {-thing}
{person_verb} {somebody}
{alone_verb} {at_place}
{alone_verb} {adverb}
{alone_verb} and {alone_verb}
"""),
    "doing": _rules("""
{thing_verb.ing} {-thing}
{plant_verb.ing} {-plant}
{person_verb.ing} {somebody}
{alone_verb.ing} {at_place}
"""),
    "done": _rules("""
{thing_verb.done} {-thing}
{plant_verb.done} {-plant}
{person_verb.done} {somebody}
{alone_verb.done} {at_place}
"""),
    # clauses
    "past": _rules("""
{agent} {did}
{agent} {did} {by_time}
{agent} {did} {by_time}
{by_time} {agent} {did}
{*thing} {at_place} {=was} {thing_state}
{*plant} {plant_does.past} {by_time}
{*creature} {creature_does.past} {at_place}
the {weather} {weather_does.past} {{by_time}|}
{agent} had {done}
{who} {was|was never} {person_adjective} {{by_time}|}
{*thing} that {-who} {thing_verb.past} {=was} {thing_state}
"""),
    "now": _rules("""
{*thing} {=be} {thing_state}
{*thing} {at_place} {=be} {thing_state}
{*plant} {=be} {plant_state}
{*plant} {at_place} {=plant_does} {{adverb}|}
{*thing} that {agent} {thing_verb.past} {by_time} {=be} {thing_state}
{*plant} that {-who} {plant_verb.past} {at_place} {=have} {plant_does.done}
{*creature} {at_place} {=creature_does} {{adverb}|}
{*creature} {=have} {thing_verb.done} {-thing}
{who} is {person_adjective}
{who} has {done}
{who} {is|is still|has been} {doing}
{who} {thinks|says|hopes|believes} that {they} {~be} {person_adjective}
{who} lives with {their} {sister|brother|aunt|friend|parrot|books} {at_place}
{who} keeps {their} {thing} {at_place}
I {must|cannot|may|will not|would rather|could} {do}
I {know|think|hope|hear|suppose|fear|see} that {now}
the {weather} has {weather_does.done}
there {is no|is always a|was once a|must be a} {thing} {at_place}
{abstract} is {a|no} {thing}, and {abstract} {a|no} {thing}
we have {done}
"""),
    "later": _rules("""
I will {do} {soon}
we will {do} {soon}
{who} will {do} {soon}
{*plant} will {plant_does} {soon}
the {weather} will {weather_does}
{somebody} will {person_verb} {you_or_me}
nobody will {do}
{*thing} will be {thing_state} {soon}
you will {do}, and I will {do}
"""),
    "you_or_me": ("you", "me", "us"),
    # whole sentences
    "statement": _rules("""
{past}.
{past}.
{now}.
{now}.
{later}.
{past}, {and|but|so|yet} {past}.
{now}, {and|but} {now}.
{now} because {past}.
if {now}, {later}.
when {past}, {past}.
while {who} was {doing}, {past}.
{you}, {now}.
{*thing} {=be} {thing_state}. {it} {=was} {thing_state} {by_time}.
{*plant} {=be} {plant_state}, and {*plant} {=be} {plant_state} too.
{who} {has|had} {done}, and {they} {~be} {person_adjective}.
{who} {did}, and {they} {did}. I {saw|heard|warned|thanked|met} {them} {at_place}.
{who} asked me to {do}. I told {them} to {do}.
who {person_verb.s} {somebody} {person_verb.s} {somebody}.
who {alone_verb.s} {adverb}, {alone_verb.s} {adverb}.
{abstract} without {abstract} is like {a thing} without {a thing}.
{a thing_adjective} {thing} is better than {a thing_adjective} {thing}.
"""),
    "request": _rules("""
{thing_verb} {-thing} {soon}, {you}.
{please|pray|now|then} {do}.
{you}, {do}, and {do}.
do not {do}, {you}, or {later}.
let us {do} {soon}.
tell {who} that {now}, and ask {them} to {do}.
{please|} {plant_verb} {-plant} {at_place} before {they|we|I} {alone_verb}.
"""),
    "wish": _rules("""
If only {somebody} had {done}!
What {a thing_adjective} {thing}!
I wish that {past}.
Oh, {to|never to} {do} {{by_time}|}!
How {person_adjective} {who} was when {they} {did}!
"""),
    "number": (
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "twenty", "thirty-one", "forty", "a hundred", "none",
    ),
    "farewell": _rules("""
I must {do}. {good night|goodbye|farewell}, {you}.
wait for me {at_place}. I will {do}.
{later}. {good night|goodbye|until then}.
I go to {do}.
"""),
    "greeting": _rules("""
{you}! {past}.
good {morning|evening|day}, {you}. {now}.
forgive me, {you}. I was {doing}.
I have brought you {*thing}. {it} {=be} {thing_state}.
I came as soon as {past}.
"""),
    "direction": _rules("""
{name} {thing_verb.s} {-thing}.
{a thing} falls {at_place}.
{-creature} {at_place}.
{name} {plant_verb.s} {-plant}, and {alone_verb.s}.
The {weather} {weather_does.s}.
{name} {alone_verb.s} {adverb}.
{a thing_adjective} {thing} is heard {at_place}.
{name} gives {other} {-thing}.
"""),
    "carrying": ("with {-thing}", "carrying {-thing}", "{adverb}", "{doing}", "with {-plant}"),
    "hour": _rules("""
before dawn
noon
late evening
midnight
early morning
the same night
teatime
an hour later
a week later
the next day
after supper
dusk
"""),
    "scenery": _rules("""
{*thing} {at_place}.
{weather}.
{*plant} {at_place}.
{*creature} and {*plant}.
{*thing}, {*thing} and {*plant}.
the sound of {doing}.
"""),
}  # fmt: skip

# Questions and answers, in turn. The answer's {it} still agrees with the question's {*thing}.
_EXCHANGES = _rules("""
Where {did you put|did {who} leave|have you hidden|shall we put} {*thing}?
    {it} {=be} {at_place}, {you}.
Where {be *thing}, {you}?
    {somebody} {thing_verb.past} {it_object} {by_time}.
Have you {thing_verb.done} {*thing}?
    I {thing_verb.past} {it_object} {by_time}, and now {it} {=be} {thing_state}.
Have you {thing_verb.done} {*thing}, {you}?
    Not yet. I will {thing_verb} {it_object} {soon}.
Who {thing_verb.past} {*thing}?
    {who} {did|must have|could have}. {they} {~have} {done}.
Who {plant_verb.past} {*plant} {at_place}?
    I did. {it} {=was} {plant_state}.
Why {be *thing} {thing_state}?
    Because {agent} {thing_verb.past} {it_object} {by_time}.
Why {be *plant} {plant_state}?
    {somebody} {plant_verb.past} {it_object} {adverb}.
Why is {who} so {person_adjective}?
    {they} {~have} {done}, and nobody {person_verb.past} {them}.
Has {who} {done}?
    {yes|no|never}, but {they} {~have} {done}.
Where is {who}?
    {they} {~be} {at_place}, {doing}.
When did you {person_verb} {who}?
    {by_time}, {at_place}. {they} {~be} {person_adjective}.
What will {who} do {soon}?
    {they} will {do}, and I will {do}.
Did you hear {*creature} {at_place}?
    {it} {=creature_does} {adverb}.
Shall we {do} {soon}?
    {yes|no|gladly|never}, {you}. {later}.
Is it true that {past}?
    {it is|it is not|so they say|ask {who}}. {statement}
How many {thing.plural} {are there|did you count|can you see} {at_place}?
    {number}, {you}, and {number} {at_place}.
Do you {like|want|remember|need} {*thing}?
    {it} {=be} {thing_state}. {statement}
Can {who} {do}?
    {they} can {do}, and {they} can {do}.
What have you {thing_verb.done}, {you}?
    {-thing}, {-thing} and {-thing}.
""")
EXCHANGES = tuple(zip(_EXCHANGES[::2], _EXCHANGES[1::2], strict=True))
