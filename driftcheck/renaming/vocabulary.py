"""The words that names in APIs are made of: short forms, synonyms, opposites, words that add nothing.

Plain tables for naming.py. A new abbreviation or synonym is one entry here and one case in its test.
"""

from __future__ import annotations


def _pairs(text: str) -> dict[str, str]:
    return dict(entry.split("=", 1) for entry in text.split())


def _groups(text: str) -> dict[str, str]:
    """Every word of a line stands for the first one of it."""
    return {word: line.split()[0] for line in text.strip().splitlines() for word in line.split()}


def _together(text: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair.split("/")) for pair in text.split())


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Short forms that cutting off the end or dropping the vowels does not explain, or of two letters.
ABBREVIATIONS = _pairs(
    "qty=quantity amt=amount addr=address msg=message desc=description descr=description num=number"
    " no=number nr=number nbr=number id=identifier ident=identifier ts=timestamp dt=date tm=time"
    " acct=account dept=department dest=destination dst=destination src=source tel=telephone"
    " fax=facsimile cat=category ctry=country cc=currency ccy=currency curr=currency pw=password"
    " pwd=password passwd=password usr=user org=organization info=information img=image pic=picture"
    " lat=latitude lng=longitude lon=longitude long=longitude lang=language loc=location temp=temperature"
    " min=minimum max=maximum avg=average pct=percent perc=percent txn=transaction tx=transaction"
    " trx=transaction trans=transaction ref=reference refs=references attr=attribute attrs=attributes"
    " param=parameter params=parameters arg=argument args=arguments auth=authorization authn=authentication"
    " authz=authorization cfg=configuration conf=configuration config=configuration env=environment"
    " app=application apps=applications prod=product pos=position seq=sequence idx=index len=length"
    " ver=version vers=version err=error req=request resp=response res=response sess=session sec=second"
    " secs=seconds mins=minutes hrs=hours hr=hour ms=milliseconds yr=year mon=month wk=week"
    " p=page q=query qry=query srch=search st=street str=street ave=avenue bldg=building apt=apartment"
    " fname=firstname lname=surname dob=birthday mgr=manager emp=employee cust=customer co=company"
    " corp=company biz=business inv=invoice ord=order pmt=payment pymt=payment disc=discount"
    " tz=timezone spec=specification specs=specifications stmt=statement sz=size val=value var=variable"
    " w=width h=height sm=small md=medium lg=large"
    " rec=record rel=relation repo=repository repos=repositories ctx=context db=database tbl=table"
    " col=column docs=documents doc=document dir=directory ext=extension perm=permission perms=permissions"
    " intl=international misc=miscellaneous approx=approximate est=estimated"
    " orig=original prev=previous cur=current std=standard tmp=temporary uid=userid pwr=power"
    " char=character chars=characters bin=binary bool=boolean int=integer obj=object elem=element"
    " elems=elements evt=event evts=events svc=service srv=service sub=subscription subs=subscriptions"
    " nm=name cnt=count ttl=total bal=balance stats=statistics stat=statistic op=operation ops=operations"
)

SYNONYMS = _groups(
    """
    postal zip zipcode postcode postalcode plz
    telephone phone
    email mail
    surname familyname
    firstname forename givenname
    picture image photo
    url uri link href
    identifier uuid guid
    created creation
    updated modified modification changed
    deleted removed deletion removal
    start begin started
    end finish finished
    customer client
    vendor supplier seller merchant
    organization organisation company
    comment remark note
    limit pagesize perpage maxresults
    offset skip
    cursor pagetoken continuationtoken
    status state
    type kind
    title heading headline
    gender sex
    birthday birthdate dateofbirth
    language locale
    total sum
    username login loginname
    password passphrase
    author creator
    query search term keyword keywords
    orderby sortby sort
    weight mass
    employee staff
    label tag
    website homepage
    biography bio
    source origin
    error failure
    delivery shipping shipment
    expiry expiration expires expire expired
    cancelled cancellation
    active enabled
    timestamp datetime
    street road
    city town
    twofactor 2fa tfa mfa
    """
)

# Names of several words that are one thing; the joined word goes through SYNONYMS.
PHRASES: dict[tuple[str, ...], str] = {
    ("e", "mail"): "email",
    ("zip", "code"): "postal",
    ("postal", "code"): "postal",
    ("post", "code"): "postal",
    ("last", "name"): "surname",
    ("family", "name"): "surname",
    ("sur", "name"): "surname",
    ("first", "name"): "firstname",
    ("given", "name"): "firstname",
    ("fore", "name"): "firstname",
    ("date", "of", "birth"): "birthday",
    ("birth", "date"): "birthday",
    ("birth", "day"): "birthday",
    ("page", "size"): "limit",
    ("per", "page"): "limit",
    ("max", "results"): "limit",
    ("page", "token"): "cursor",
    ("continuation", "token"): "cursor",
    ("user", "name"): "username",
    ("login", "name"): "username",
    ("user", "id"): "userid",
    ("pass", "word"): "password",
    ("pass", "phrase"): "password",
    ("order", "by"): "orderby",
    ("sort", "by"): "orderby",
    ("sort", "order"): "orderby",
    ("time", "stamp"): "timestamp",
    ("date", "time"): "timestamp",
    ("time", "zone"): "timezone",
    ("home", "page"): "website",
    ("web", "site"): "website",
    ("phone", "number"): "telephone",
    ("telephone", "number"): "telephone",
    ("email", "address"): "email",
    ("mail", "address"): "email",
    ("country", "code"): "country",
    ("currency", "code"): "currency",
    ("language", "code"): "language",
}

# Within a line, each word excludes the others: such names are different things, however alike.
_CONTRARY = """
first last middle second third next previous
firstname surname middlename
start end
minimum maximum average median total
old new current original
from to
source destination target
sender receiver recipient
width height depth length weight size
latitude longitude altitude
left right top bottom center
up down
input output
inbound outbound
incoming outgoing
import export
read write execute
open close closed
created updated deleted expiry
home work mobile office
billing delivery
buyer vendor
parent child
before after
since until
active inactive disabled
ascending descending
debit credit
public private internal external protected secret
request response
upload download
success error
accept reject
accepted rejected declined
approved rejected denied pending
allow deny
allowed denied forbidden
include exclude
included excluded
true false
yes no
on off
day week month year hour minute second millisecond quarter
primary secondary
male female
net gross
front back
north south east west
small medium large
low high
online offline
local remote global
actual expected
client server
access refresh
add remove
lock unlock
paid unpaid
mother father
""".strip()

OPPOSITES: tuple[frozenset[str], ...] = tuple(_words(line) for line in _CONTRARY.splitlines())

# One of these before a name makes it another thing: `price` is not `min_price`.
CONTRASTING = _words(
    "minimum maximum average median old new previous next first last second third middle not non no un"
    " dis anti sub super pre post start end from to parent child is_not without except before after"
    " since until secondary alternate alternative backup fallback other another in out inactive temporary"
)

# Words that may be missing or added at the end of a name without changing what it names ...
WEAK_SUFFIXES = _words(
    "address number amount value code identifier name url string text field information data details"
    " object list at on date time timestamp reference count key slug unit"
)
# ... of these, the ones that only say that it is a point in time,
TIME_WORDS = _words("at on date time timestamp")
# ... the ones that say nothing at all,
EMPTY_WORDS = _words("value string text field information data details object")
# ... and units, which say in what it is counted.
UNIT_WORDS = _words(
    "s ms sec secs second seconds millisecond milliseconds minute minutes hour hours day days byte"
    " bytes kb mb gb cent cents kilogram kg gram grams meter meters metre metres"
    " cm mm km percent pixel pixels px unit units"
)
# Words that are no evidence that two names mean the same.
STOP_WORDS = _words("is has the of a an and x are was can should in for with my")
# Words that are weak evidence alone, as a thing may have many of them.
GENERIC_WORDS = WEAK_SUFFIXES | _words("type status url amount title description size")

# The redundant last word of some names: an email address is an email.
REDUNDANT = {
    "address": _words("email ip mac street postal"),
    "number": _words("telephone facsimile mobile account order invoice"),
    "code": _words("postal country currency language"),
}

# Words whose beginning is another word, not a short form of it.
WHOLE_WORDS = _words(
    "use user count form port part pass car plan plat real rest mode model post start end add art bar can cap"
    " cost cover data date day even event fact fin for gene has her imp inter item key land lead list main"
    " man mark mind mini name net new not off one own page pan pen per pin pop pub rat rate red rent run"
    " sale sea sell set sign sit site son sum tax ten the tip top tot track trans val war web win work fir"
    " mid tic pro con com dis mis pre out all any are but get had him his how"
    " its let may nor now old our own put say see she too two way who why yet comp prom cred"
)

# Pairs that differ by a slip of the pen and are different words all the same.
LOOKALIKES = _together(
    "contact/contract county/country price/prize quality/quantity content/context content/contest"
    " causal/casual trial/trail desert/dessert device/devise personal/personnel statue/status"
    " month/mouth customer/custom carrier/career public/publish moral/morale lose/loose form/from"
    " martial/marital angel/angle diary/dairy quiet/quite unit/unite relative/relation active/action"
    " description/prescription resolution/revolution conversion/conversation interval/internal"
    " expect/except affect/effect reserve/reverse preference/reference union/onion store/story"
    " sever/server complement/compliment discreet/discrete principal/principle"
    " stationary/stationery latter/later message/massage physical/psychical signal/single"
    " accept/except adapt/adopt allocation/allegation dairy/daily production/projection"
    " inspection/inception election/ejection deletion/depletion"
)
