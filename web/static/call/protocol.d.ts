// Generated from videoattention/entrypoints/signalling/protocol.py by `make protocol`; do not edit.

/** What the service answers to a command or an ask; when not ok, nothing changed. What was asked for comes with it. */
export type Acknowledgement = { ok: true; document?: string; seconds?: number } | { ok: false; code: string };

/** Ask: send me my view now, if it is newer than `revision`; I am alive. */
export interface Sync {
  /** >= 0, <= 9007199254740992 */
  revision: number;
}

/** Ask: this page is ready to negotiate sound and picture. A page load makes one `peer`; repeating is harmless. */
export interface JoinMedia {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  peer: string;
}

/** Ask: pass this session description to the media worker of my call. `epoch` and `peer` as in `Negotiate`. */
export interface DescribeMedia {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  peer: string;
  /** >= 0, <= 9007199254740992 */
  epoch: number;
  kind: "answer" | "offer";
  /** 1 to 65536 characters */
  sdp: string;
}

/** Command: I do not wait any longer. */
export interface LeaveLine {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
}

/** Command: my answer to the text that I was shown; `accept` or `refuse`. */
export interface AnswerConsent {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  consent: string;
  answer: "accept" | "refuse";
}

/** Command: I take my consent back. */
export interface WithdrawConsent {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  consent: string;
}

/** Command: I do not want the level that the informer proposes. */
export interface DeclineLevel {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
}

/** Command: go back to the informative level. */
export interface ReturnToInformative {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
}

/** Command: end the call. */
export interface HangUp {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
}

/** Command: I am ready for the next citizen, or not now. */
export interface SetReadiness {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  readiness: "available" | "paused";
}

/** Command: I attend the citizen who is offered to me. */
export interface AcceptOffer {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
}

/** Command: I cannot attend now; the citizen keeps the place and I am paused. */
export interface DeclineOffer {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
}

/** Command: I attend this waiting citizen, who was not offered to me. */
export interface TakeCitizen {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
}

/** Command: I propose to act for the citizen at this level. */
export interface ProposeLevel {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
  level: "assisted" | "attended";
}

/** Command: I take the proposal back. */
export interface DropProposal {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
}

/** Command: back to the informative level. */
export interface LowerLevel {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
}

/** Command: ask the citizen to show who they are, in this way; another way takes the first question back. */
export interface AskIdentification {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
  way: "electronic" | "phone" | "visual";
}

/**
 * Ask: show me the citizen's whole document number; that I saw it goes into the journal.
 *
 * The acknowledgement brings the `document` and for how many `seconds` to show it.
 */
export interface RevealIdentity {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
}

/** Command: I do not ask who the citizen is any more. */
export interface StopIdentification {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
}

/** Command: the citizen's picture has so many lines on my screen. */
export interface SeePicture {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
  /** >= 0, <= 8192 */
  lines: number;
}

/** Command: put the level's consent text before the citizen. */
export interface AskConsent {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
}

/** Command: the citizen, who cannot click, answered aloud; `note` says why, and how I understood it. */
export interface WitnessConsent {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  consent: string;
  answer: "accept" | "refuse";
  /** 1 to 2000 characters, `^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+\Z` */
  note: string;
}

/** Command: I heard the authorisation; the recorder can leave. */
export interface EndClip {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
}

/** Command: hang up; the wrap-up follows. */
export interface EndCall {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
}

/** Command: what came of the attention, and in the informer's words; the desk is available again. */
export interface Conclude {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
  /** 1 to 2000 characters, `^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+\Z` */
  outcome: string;
  kind: "helped" | "informed" | "represented" | "unfinished";
}

/** The informer as the citizen sees them. */
export interface InformerSeen {
  name: string;
  position: string;
}

/** Who the citizen was shown to be. `assurance`: declared, low, substantial, high; `way` as asked for. */
export interface IdentitySeen {
  name: string;
  document: string;
  assurance: string;
  way?: string;
}

/** A consent in the citizen's page, its text in full. `stage`: asked, given, refused, withdrawn, lapsed, ended. */
export interface ConsentSeen {
  id: string;
  stage: string;
  title: string;
  paragraphs: readonly string[];
  version: string;
  purposes: readonly string[];
  answered_by?: string;
}

/**
 * Everything that the citizen's page shows of their attention.
 *
 * `place` counts from 1 while waiting or offered, else 0. `wait_from` and `wait_to` are minutes, both 0 when no
 * honest promise can be made. `recorder`: absent, entering, hindered, in_call; `recorded` tells whether
 * anything was stored until now, `gaps` whether it has holes, `erased` whether all of it is gone again.
 * `missing` lists habilitation, picture, identification, consent; `undone` proposal, consent, identification,
 * clip, form. `identification_way`: electronic, phone, visual, or empty; `clip`: wanted, done, or empty.
 */
export interface CitizenView {
  revision: number;
  attention: string;
  stage: string;
  office: string;
  procedure: string;
  place: number;
  wait_from: number;
  wait_to: number;
  informers: number;
  informer: InformerSeen | null;
  level: string;
  proposed: string;
  missing: readonly string[];
  undone: readonly string[];
  clip: string;
  identification_asked: boolean;
  identification_way: string;
  identity: IdentitySeen | null;
  consents: readonly ConsentSeen[];
  recorder: string;
  recorded: boolean;
  gaps: boolean;
  erased: boolean;
  talking_since: string;
  outcome: string;
  outcome_kind: string;
}

/** Push: what the citizen's page shows now. */
export interface CitizenChanged {
  view: CitizenView;
}

/** Where a page may find a relay for sound and picture, and the password for it (as in WebRTC's `RTCIceServer`). */
export interface IceServer {
  urls: readonly string[];
  username: string;
  credential: string;
}

/**
 * Push: make a new connection for this epoch (closing the one before); make the offer if `offers`.
 *
 * `ice_servers` are the relays to try where no direct way leads to the media worker, with passwords made for this
 * connection; it may have none.
 */
export interface Negotiate {
  attention: string;
  peer: string;
  epoch: number;
  offers: boolean;
  ice_servers: readonly IceServer[];
}

/** Push: the other side's session description, with the media worker's transport. */
export interface MediaDescribed {
  attention: string;
  peer: string;
  epoch: number;
  kind: "answer" | "offer";
  sdp: string;
}

/** Push: the media worker of the call is gone; join again and a new one takes over. */
export interface MediaLost {
  attention: string;
}

/** Push: whether the other person's sound and picture reach the service. */
export interface OtherSide {
  attention: string;
  connected: boolean;
}

/** Push: this session was signed out; the socket closes next. */
export interface SessionEnded {
  cause: string;
}

/** A citizen who is offered to this informer until `until`. */
export interface OfferSeen {
  attention: string;
  office: string;
  procedure: string;
  language: string;
  arrived_at: string;
  until: string;
}

/**
 * The attention that occupies this informer. `consent` is the stage of the last request, or empty.
 *
 * `consent_id` names the request that waits for its answer; `picture` is how many lines of the citizen's picture
 * the level aimed at demands; `script` what the informer says aloud for it; `outcomes` what can have come of it.
 */
export interface AttendedSeen {
  attention: string;
  stage: string;
  office: string;
  procedure: string;
  language: string;
  level: string;
  proposed: string;
  missing: readonly string[];
  undone: readonly string[];
  clip: string;
  picture: number;
  script: string;
  outcomes: readonly string[];
  identification_asked: boolean;
  identification_way: string;
  identity: IdentitySeen | null;
  consent: string;
  consent_id: string;
  recorder: string;
  talking_since: string;
}

/** A citizen in the line of one of the informer's offices. */
export interface WaitingSeen {
  attention: string;
  office: string;
  procedure: string;
  language: string;
  arrived_at: string;
  present: boolean;
  offered: boolean;
}

/** Everything that the desk shows. `readiness`: available, paused, missed. */
export interface DeskView {
  revision: number;
  readiness: string;
  offer: OfferSeen | null;
  attended: AttendedSeen | null;
  waiting: readonly WaitingSeen[];
}

/** Push: what the desk shows now. */
export interface DeskChanged {
  view: DeskView;
}

/** The commands of the citizen's page, by their names on the wire. */
export interface CitizenCommands {
  leave_line: LeaveLine;
  answer_consent: AnswerConsent;
  withdraw_consent: WithdrawConsent;
  decline_level: DeclineLevel;
  return_to_informative: ReturnToInformative;
  hang_up: HangUp;
}

/** The commands of the desk, by their names on the wire. */
export interface DeskCommands {
  set_readiness: SetReadiness;
  accept_offer: AcceptOffer;
  decline_offer: DeclineOffer;
  take_citizen: TakeCitizen;
  propose_level: ProposeLevel;
  drop_proposal: DropProposal;
  lower_level: LowerLevel;
  ask_identification: AskIdentification;
  stop_identification: StopIdentification;
  see_picture: SeePicture;
  ask_consent: AskConsent;
  witness_consent: WitnessConsent;
  end_clip: EndClip;
  end_call: EndCall;
  conclude: Conclude;
}

/** The asks of both kinds of page, by their names on the wire. */
export interface Asks {
  sync: Sync;
  join_media: JoinMedia;
  describe_media: DescribeMedia;
  reveal_identity: RevealIdentity;
}

/** The pushes to both kinds of page, by their names on the wire. */
export interface Pushes {
  citizen_changed: CitizenChanged;
  negotiate: Negotiate;
  media_described: MediaDescribed;
  media_lost: MediaLost;
  other_side: OtherSide;
  session_ended: SessionEnded;
  desk_changed: DeskChanged;
}
