"""The verbs of textbooks in their finite forms, so far as a sentence can be taken apart without a parser."""

import re

from tools.inflection import past, third

_REGULAR_LIST = """
    hand sort speed swell shine harden fade lean drip outshine abandon abolish absorb accelerate accept accompany
    accomplish account accuse achieve acquire act activate adapt add address adjust administer admire admit adopt
    advance advise advocate affect agree aim align allow alter amend announce annex answer appear apply appoint
    approach approve argue arrange arrest arrive ask assassinate assemble assert assign assist associate assume
    attach attack attain attempt attend attract attribute avoid award balance ban base believe belong benefit blend
    block blame boil borrow bound calculate call campaign capture carry cause cease celebrate challenge change
    charge chart cite claim classify clean close coin collaborate collapse collect colonize colonise combine command
    commission commit compare compete compile complain complete compose comprise conceive concern conclude condemn
    conduct confer confirm conform confront connect conquer consider consist constitute construct consume contain
    continue contract contradict contribute control convert convey convince cool coordinate corrupt correspond cover
    cross create criticize criticise crown cure damage declare decline decide decode decrease dedicate defeat defend
    define deflect delay deliver demand demonstrate denounce deny depart depend depict deposit derive describe
    design designate destroy detect determine develop devise devote die differ digest diminish direct disagree
    disappear discover discuss disprove dissolve distinguish distribute distrust disturb divide dominate donate
    double draft drain drop drown earn ease educate elect eliminate embark embrace emerge emigrate emphasize employ
    enable enact encode encounter encourage end endorse enforce enhance enjoy enlarge ensure enter entitle envision
    equal erode erupt escape establish estimate evaluate evolve examine exceed exchange exclude execute exercise
    exert exist expand expect experience explain exploit explore export expose express extend extract face fail
    favor favour fear feature fill finance finish fire fit fix flock flourish flow follow force form formulate
    forward foster found free fuel fulfil fulfill function fund gain gather generate give govern grant guarantee
    guard guide happen harm head heat help hinder honour honor hope house identify ignore illustrate imagine impose
    import improve inaugurate include increase indicate induce infect infer influence inform inherit inhibit
    initiate inspire install integrate intensify interpret interrupt introduce invade invent invest investigate
    invite involve isolate issue join judge justify kill label lack land last launch learn lecture liberate lie
    limit link list live locate lower maintain manage manufacture mark marry measure melt merge migrate mirror
    mobilize modify motivate move multiply murder name navigate need negotiate notice notify object oblige observe
    obtain occupy occur offer open operate oppose order organize organise originate outlaw overlap owe own paint
    participate pass patent perceive perform permit persist persuade petition picture pioneer place plan plant play
    plot point popularize popularise portray possess power practice practise praise preach predict prefer prepare
    present preserve press prevail prevent print proceed process proclaim produce prohibit promise promote propel
    propose protect protest prove provide provoke publish pull pump punish purchase pursue push qualify question
    quote raise range reach react realize realise receive reclaim recognize recognise recommend reconcile record
    recover recruit redirect reduce refer refine reflect reform refuse refute regain regard register regulate reign
    reinforce reject relate relax relay release relieve rely remain remember remove render renew repair repeal
    repeat repel replace reply report represent repress reproduce require rescue resemble reserve resign resist
    resolve respond rest restore restrict result retain retire retreat return reveal reverse revive revolt
    revolutionize reward rotate rule sail salvage sample satisfy save scatter search secure seem seize select
    separate serve settle shape share shift sign signal simplify slow solve spark spearhead specify speculate
    sponsor spur stabilize stage start starve state stay stimulate stop store strengthen stress stretch structure
    study submit succeed suffer suggest supervise supply support suppress surface surpass surrender surround survive
    suspect sustain switch symbolize synthesize tax tend test threaten tie trace track trade train transfer
    transform translate transmit transport trap travel treat trigger triumph try turn undermine unify unite urge use
    utilize vary vest view violate visit vote want warn watch weaken welcome win work worry yield
"""
_IRREGULAR_LIST = """
    arise/arose awake/awoke bear/bore beat/beat become/became begin/began bend/bent bind/bound bite/bit blow/blew
    break/broke breed/bred bring/brought build/built buy/bought catch/caught choose/chose cling/clung come/came
    cost/cost cut/cut deal/dealt dig/dug draw/drew drink/drank drive/drove eat/ate fall/fell feed/fed feel/felt
    fight/fought find/found flee/fled fly/flew forbid/forbade forget/forgot forgive/forgave freeze/froze get/got
    give/gave go/went grow/grew hang/hung hear/heard hide/hid hit/hit hold/held hurt/hurt keep/kept know/knew
    lay/laid lead/led lean/leant leave/left lend/lent let/let lie/lay light/lit lose/lost make/made mean/meant
    meet/met mistake/mistook overcome/overcame overthrow/overthrew pay/paid put/put quit/quit read/read ride/rode
    ring/rang rise/rose run/ran say/said see/saw seek/sought sell/sold send/sent set/set shake/shook shoot/shot
    show/showed shrink/shrank shut/shut sing/sang sink/sank sit/sat sleep/slept speak/spoke spend/spent spin/spun
    split/split spread/spread spring/sprang stand/stood steal/stole stick/stuck strike/struck strive/strove
    swear/swore swim/swam swing/swung take/took teach/taught tear/tore tell/told think/thought throw/threw
    undergo/underwent understand/understood undertake/undertook uphold/upheld wear/wore weave/wove win/won
    wind/wound withdraw/withdrew write/wrote
"""
_PAST_ONLY_LIST = """
    arose awoke bore became began bit blew broke chose came drew drank drove ate fell fled flew forbade forgot
    forgave froze gave went grew hid knew lay mistook overcame overthrew rode rang rose ran saw shook showed shrank
    sang sank spoke sprang stole strove swore swam took tore threw underwent undertook wore wove withdrew wrote
"""
_PAST_ONLY = frozenset(_PAST_ONLY_LIST.split())
AUXILIARIES_LIST = """
    is are was were has have had can could may might must will would shall should cannot does do did
"""
AUXILIARIES = frozenset(AUXILIARIES_LIST.split())
_SINGULAR_ONLY, _PLURAL_ONLY = frozenset({"is", "was", "has", "does"}), frozenset({"are", "were", "have", "do"})
_REGULAR_PAST = re.compile(r"(?!.*(?:eed|need|based|sacred|hundred)$)[a-z]{3,}ed$")
_PAIRS = dict(pair.split("/") for pair in _IRREGULAR_LIST.split())
_REGULAR = [base for base in _REGULAR_LIST.split() if base not in _PAIRS]
_PAST = frozenset((*map(past, _REGULAR), *_PAIRS.values()))
_THIRD = frozenset(map(third, (*_REGULAR, *_PAIRS)))
_BASES = frozenset((*_REGULAR, *_PAIRS))


def is_finite(word: str, is_plural: bool) -> bool:
    """Whether a word can be the verb of a subject in this number."""
    if word in AUXILIARIES:
        return word not in (_SINGULAR_ONLY if is_plural else _PLURAL_ONLY)
    return is_past(word) or word in (_BASES if is_plural else _THIRD)


def is_past(word: str) -> bool:
    """Whether a word is a past form, or looks like a regular one."""
    return word in _PAST or bool(_REGULAR_PAST.match(word))


def is_ambiguous(word: str) -> bool:
    """Whether a past form may also be a participle: `promised` in `a reward promised after the work`."""
    return is_past(word) and word not in _PAST_ONLY
