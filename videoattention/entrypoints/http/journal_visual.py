"""The journal of visual identifications in words; `journal_words` has those of everything else."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from videoattention.entrypoints.http.sentences import N_

VISUAL_KINDS: Final = MappingProxyType(
    {
        "visual_begun": N_("Visual identification began: the text about images, version %(version)s, was shown."),
        "visual_agreed": N_("The person agreed to images being taken for the identification."),
        "visual_refused": N_("The person preferred another way of identifying, at the step “%(step)s”."),
        "visual_code_sent": N_("A one-use code was sent to the person's phone."),
        "visual_code_proved": N_("The code was typed correctly, by %(by)s."),
        "document_chosen": N_("The document is: %(kind)s. To be looked for: %(features)s."),
        "feature_ticked": N_("Security feature “%(feature)s”: %(seen)s."),
        "document_read": N_("The document was computed. It holds: %(passed)s. It fails: %(failed)s."),
        "actions_asked": N_("The person was asked to: %(actions)s."),
        "action_ticked": N_("Asked action “%(action)s”: %(done)s."),
        "visual_step_done": N_("The step “%(step)s” of the visual identification was completed."),
        "still_taken": N_("A still was kept (%(kind)s), of %(width)s by %(height)s dots, with the SHA-256 %(hash)s."),
        "visual_interrupted": N_("The connection was lost for too long: the step “%(step)s” begins again."),
        "visual_resumed": N_("The connection came back, at the step “%(step)s”."),
        "visual_identified": N_(
            "The informer identified the person by sight; the signed decision has the SHA-256 %(hash)s."
        ),
        "visual_stopped": N_("The informer stopped the identification; the signed decision has the SHA-256 %(hash)s."),
        "visual_lapsed": N_("The visual identification ended undecided: %(cause)s."),
        "visual_erased": N_("What was kept of the visual identification was deleted: its term was over."),
        "identification_seen": N_("How the person was identified by sight was looked at: document, name and stills."),
        "suspicion_opened": N_(
            "What was kept of a suspicion of fraud was opened by %(subject)s for the case %(case)s and the purpose: "
            "“%(purpose)s”"
        ),
    },
)
"""The sentence of every kind of fact of a visual identification."""

VISUAL_WORDS: Final = MappingProxyType(
    {
        # steps
        "informed": N_("information and consent to images"),
        "code": N_("code by SMS"),
        "document": N_("document"),
        "actions": N_("actions before the camera"),
        "stills": N_("stills"),
        "decision": N_("decision"),
        # documents
        "dni3": N_("DNI 3.0"),
        "dni4": N_("DNI 4.0"),
        "tie": N_("NIE card (TIE)"),
        "passport": N_("passport"),
        # security features
        "changing_laser_image": N_("changing laser image (CLI)"),
        "multiple_laser_image": N_("multiple laser image (MLI)"),
        "colour_changing_ink": N_("ink that changes colour (OVI)"),
        "kinegram": N_("kinegram"),
        "hologram": N_("hologram"),
        "second_portrait": N_("second, smaller portrait"),
        "window": N_("transparent window"),
        "fine_lines": N_("background of fine lines"),
        "rainbow_print": N_("rainbow print"),
        "relief": N_("relief in slanting light"),
        "small_print": N_("very small print"),
        # actions
        "turn_left": N_("turn the head to one's left"),
        "turn_right": N_("turn the head to one's right"),
        "look_up": N_("look up"),
        "hand_before_face": N_("pass a hand before the face"),
        "touch_ear": N_("touch an ear"),
        "cover_document": N_("cover part of the document with a finger"),
        "tilt_document": N_("tilt the document slowly"),
        "document_beside_face": N_("hold the document beside the face"),
        "say_digits": N_("say the digits shown on the screen"),
        # checks
        "number": N_("number and letter"),
        "mrz_kind": N_("lines of this kind of document"),
        "mrz_number": N_("check digit of the number"),
        "mrz_birth": N_("check digit of the birth date"),
        "mrz_expiry": N_("check digit of the expiry"),
        "mrz_personal": N_("check digit of the personal number"),
        "mrz_whole": N_("check digit of all the lines"),
        "same_number": N_("the lines have the number"),
        "in_date": N_("date of expiry"),
        # stills
        "face": N_("face"),
        "front": N_("front of the document"),
        "back": N_("back of the document"),
        # the nine reasons
        "false_document": N_("false or altered document"),
        "not_the_holder": N_("the person is not the holder"),
        "bad_media": N_("bad image or sound"),
        "bad_connection": N_("bad or insecure connection"),
        "prerecorded": N_("media recorded beforehand"),
        "several_devices": N_("more than one device"),
        "not_live": N_("not live, or not in one act"),
        "coercion": N_("coercion"),
        "doubt": N_("reasonable doubt"),
        # others
        "True": N_("seen"),
        "False": N_("not seen"),
        "connection_lost": N_("the connection was lost"),
        "proposal_dropped": N_("the proposal was let go"),
        "another_way": N_("another way was asked for"),
        "read_suspicions": N_("reading suspicions of fraud"),
        "images": N_("images for identification"),
    },
)
"""The phrase of every code that those facts carry, and that the pages of visual identification show."""

VISUAL_ASKED: Final = MappingProxyType(
    {
        "turn_left": N_("Turn your head to your left"),
        "turn_right": N_("Turn your head to your right"),
        "look_up": N_("Look up"),
        "hand_before_face": N_("Pass a hand before your face"),
        "touch_ear": N_("Touch one of your ears"),
        "cover_document": N_("Cover part of the document with a finger"),
        "tilt_document": N_("Tilt the document slowly"),
        "document_beside_face": N_("Hold the document beside your face"),
        "say_digits": N_("Say aloud the digits that you see below"),
    },
)
"""The actions as the citizen reads them, who is to do them; `VISUAL_WORDS` has how others speak of them."""

VISUAL_CODED: Final = frozenset(
    {"step", "kind", "feature", "features", "actions", "passed", "failed", "seen", "done"},
)
"""The fields of those facts that hold codes, besides those of every fact."""
