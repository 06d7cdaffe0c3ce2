"""What is checked of a credential, and why something does not hold, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concours.credentials import Check, Why

CHECKS: dict[Check, str | Promise] = {
    Check.READABLE: _("It can be read in one way only"),
    Check.FORM: _("It has the form of a Verifiable Credential 2.0"),
    Check.PROOF: _("It has a proof of the known kind"),
    Check.ISSUER: _("The key that it names is the issuer’s"),
    Check.SIGNATURE: _("The signature fits: nothing was changed"),
    Check.TIME: _("It is valid now"),
    Check.STATUS: _("It was not revoked"),
}
REASONS: dict[Why, str | Promise] = {
    Why.TOO_LARGE: _("The file is larger than a credential may be."),
    Why.NOT_JSON: _("This is not JSON in UTF-8."),
    Why.DUPLICATE_KEY: _("A name stands twice in one object: readers could take either."),
    Why.BAD_NUMBER: _("A number is not one that every reader takes alike."),
    Why.BAD_TEXT: _("A text holds half a character."),
    Why.TOO_DEEP: _("Objects are nested too deeply."),
    Why.NOT_AN_OBJECT: _("A credential is one JSON object."),
    Why.BAD_CONTEXT: _("“@context” does not begin with that of Verifiable Credentials 2.0."),
    Why.BAD_TYPE: _("“type” does not name VerifiableCredential."),
    Why.BAD_ISSUER: _("“issuer” is neither an address nor an object with one."),
    Why.BAD_SUBJECT: _("“credentialSubject” tells nothing."),
    Why.BAD_DATE: _("A date is not one of date, time and zone."),
    Why.NO_PROOF: _("There is no proof."),
    Why.SEVERAL_PROOFS: _("There are several proofs; one is read here."),
    Why.BAD_PROOF: _("The proof lacks something, or holds something of another form."),
    Why.UNKNOWN_SUITE: _("The proof is of another kind than eddsa-jcs-2022."),
    Why.WRONG_PURPOSE: _("The proof is not made to assert anything."),
    Why.OTHER_CONTEXT: _("The proof is over another “@context” than the document shows."),
    Why.UNKNOWN_METHOD: _("The given keys of the issuer do not include the one that is named."),
    Why.OTHER_CONTROLLER: _("The key belongs to somebody else than the named issuer."),
    Why.KEY_REVOKED: _("The issuer has taken the key back."),
    Why.KEY_EXPIRED: _("The key has expired."),
    Why.BAD_KEY: _("This is no Ed25519 key in Multikey form."),
    Why.SIGNATURE: _("The signature does not fit: something was changed, or another key signed."),
    Why.NOT_YET_VALID: _("It is valid only from a later moment on."),
    Why.EXPIRED: _("It is not valid any more."),
    Why.SIGNED_LATER: _("It says that it was signed at a later moment than now."),
    Why.PROOF_EXPIRED: _("The proof is not valid any more."),
    Why.REVOKED: _("It was revoked."),
    Why.BAD_STATUS: _("What it says of its status, or the status list, is not of the known form."),
    Why.OTHER_LIST: _("The given status list is not the one that it names."),
    Why.LIST_NOT_HELD: _("The given status list does not hold itself."),
    Why.NOT_ASKED: _("No status list was given, so nobody has looked whether it was revoked."),
    Why.NOT_REACHED: _("Not looked at: something before it failed."),
    Why.NO_STATUS: _("It names no status list, so it cannot be revoked."),
}
