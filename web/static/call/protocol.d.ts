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

/**
 * Ask: tell the other person's page what mine sends of me; `off`: stopped by me or my device, `none`: missing.
 *
 * `peer` as in my last `JoinMedia`; after each one it is told again. Nothing of it is kept.
 */
export interface TellSending {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  peer: string;
  camera: "none" | "off" | "on";
  microphone: "none" | "off" | "on";
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

/** Command: this is my name; send a one-use code to this mobile number, which is mine. */
export interface AskPhoneCode {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 0 to 200 characters */
  name: string;
  /** 0 to 60 characters */
  number: string;
}

/** Command: the code that was sent to my phone. */
export interface TypePhoneCode {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 0 to 60 characters */
  code: string;
}

/**
 * Command: my answer to the text about images; `refuse` at any moment ends the identification.
 *
 * `visual` is the identification whose text I was shown: `accept` counts for that one only.
 */
export interface AnswerImages {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  visual: string;
  answer: "accept" | "refuse";
}

/** Command: the code that was sent to my phone. */
export interface TypeVisualCode {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 0 to 100 characters, `^[^\x00-\x1f\x7f]*\Z` */
  code: string;
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

/** Command: begin to identify the citizen by sight; refused without a valid habilitation. */
export interface BeginVisual {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
}

/** Command: send a one-use code to this telephone, which the citizen has in hand. */
export interface SendVisualCode {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
  /** 0 to 100 characters, `^[^\x00-\x1f\x7f]*\Z` */
  number: string;
}

/** Command: the code as the citizen read it aloud. */
export interface EnterVisualCode {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
  /** 0 to 100 characters, `^[^\x00-\x1f\x7f]*\Z` */
  code: string;
}

/** Command: the citizen shows this kind of document; the service draws what to look for. */
export interface ChooseDocument {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
  kind: "dni3" | "dni4" | "tie" | "passport";
}

/** Command: I saw this security feature, or did not. */
export interface TickFeature {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
  feature: "changing_laser_image" | "multiple_laser_image" | "colour_changing_ink" | "kinegram" | "hologram" | "second_portrait" | "window" | "fine_lines" | "rainbow_print" | "relief" | "small_print";
  seen: boolean;
}

/** Command: compute what the document says; `zone` has the lines at its foot, `name` may be empty. */
export interface ReadDocument {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
  /** 0 to 100 characters, `^[^\x00-\x1f\x7f]*\Z` */
  number: string;
  /** 0 to 100 characters, `^[^\x00-\x1f\x7f]*\Z` */
  name: string;
  /** 1 to 200 characters, `^[^\x00-\x09\x0b-\x1f\x7f]+\Z` */
  zone: string;
}

/** Command: I saw the citizen do this, or did not. */
export interface TickAction {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
  action: "turn_left" | "turn_right" | "look_up" | "hand_before_face" | "touch_ear" | "cover_document" | "tilt_document" | "document_beside_face" | "say_digits";
  done: boolean;
}

/** Command: the running step of the visual identification is complete. */
export interface FinishVisualStep {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
}

/** Command: I decide that the citizen is who the document says; signed in my session. */
export interface AcceptVisual {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
}

/** Command: I end the visual identification, for this reason. `witnessed`: I have seen it myself. */
export interface StopVisual {
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  id: string;
  /** 1 to 64 characters, `^[A-Za-z0-9_.:-]+\Z` */
  attention: string;
  reason: "false_document" | "not_the_holder" | "bad_media" | "bad_connection" | "prerecorded" | "several_devices" | "not_live" | "coercion" | "doubt";
  witnessed: boolean;
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

/**
 * A consent in the citizen's page, its text in full. `stage`: asked, given, refused, withdrawn, lapsed, ended.
 *
 * While it is asked, `place` and `total` say which of how many texts it is, and `days` how many days from the
 * end of the call what is left of it will be kept; else they are 0.
 */
export interface ConsentSeen {
  id: string;
  stage: string;
  title: string;
  paragraphs: readonly string[];
  version: string;
  purposes: readonly string[];
  answered_by?: string;
  place?: number;
  total?: number;
  days?: number;
}

/**
 * The newest code of an attention, while a phone is asked for.
 *
 * `stage`: asked, sent, doubtful, unsent, replaced, lapsed, exhausted, shown. `number` is its masked end;
 * `tries` how often the code may still be typed; `until` from when on it is worth nothing.
 */
export interface PhoneSeen {
  stage: string;
  number: string;
  tries: number;
  until: string;
}

/**
 * A file that changed hands. `kind`: document, form; `side` is who gave it: citizen, informer, service.
 *
 * `size` is in bytes, `sha256` hexadecimal, `at` ISO 8601 in UTC.
 */
export interface DeliverySeen {
  id: string;
  kind: string;
  side: string;
  name: string;
  size: number;
  sha256: string;
  at: string;
}

/**
 * The newest visual identification of an attention, as the citizen sees it.
 *
 * `stage`: none, informed, code, document, actions, stills, decision, accepted, refused, ended; why it ended is not
 * told. `title` and `paragraphs` are the text about images in full. `digits` are there when they are to be said.
 * `days` is how long an accepted one is kept, else 0: of another it would tell how it ended. `id` is what an
 * answer to the text names, empty before there is one.
 */
export interface VisualShown {
  stage?: string;
  interrupted?: boolean;
  restarts?: number;
  code_sent?: boolean;
  title?: string;
  paragraphs?: readonly string[];
  version?: string;
  kind?: string;
  actions?: readonly string[];
  digits?: string;
  days?: number;
  id?: string;
}

/**
 * Everything that the citizen's page shows of their attention.
 *
 * `place` counts from 1 while waiting or offered, else 0. `wait_from` and `wait_to` are minutes, both 0 when no
 * honest promise can be made. `recorder`: absent, entering, hindered, in_call; `recorded` tells whether
 * anything was stored until now, `gaps` whether it has holes, `erased` whether all of it is gone again.
 * `missing` lists habilitation, picture, identification, consent; `undone` proposal, consent, identification,
 * clip, form. `identification_way`: electronic, phone, visual, or empty; `clip`: wanted, done, or empty;
 * `clip_until` is when the recorder leaves by itself, empty while nothing is being recorded for a clip;
 * `controller` the name of the organisation that answers for the data.
 * `copy_waits`: what is being recorded is kept, and its copy waits for an object store that does not answer.
 * `hours` and `other_ways` are the office's, as the entry page tells them; either may be empty.
 * `demanded` is the least assurance for the level that is proposed, else in force: none, or as in `IdentitySeen`.
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
  phone?: PhoneSeen | null;
  clip_until?: string;
  deliveries?: readonly DeliverySeen[];
  visual?: VisualShown;
  controller?: string;
  copy_waits?: boolean;
  hours?: string;
  other_ways?: string;
  demanded?: string;
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

/** Push: the description that this page sent went to nobody; `code`: bad_sdp, stale. */
export interface DescriptionRefused {
  attention: string;
  peer: string;
  epoch: number;
  code: string;
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

/** Push: what the other person's page says that it sends of them. */
export interface OtherSends {
  attention: string;
  camera: "none" | "off" | "on";
  microphone: "none" | "off" | "on";
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

/** A level that this informer may not propose; `until` is the day on which the habilitation lapsed, or empty. */
export interface BarredSeen {
  level: string;
  until: string;
}

/** An outcome of the level in force that cannot be written; `reason`: proofs, form, clip, recording. */
export interface WithheldSeen {
  kind: string;
  reason: string;
}

/** Something that the informer is to see. `variable`: it changes with the angle; `ticked`: yes, no, or empty. */
export interface TickSeen {
  name: string;
  variable?: boolean;
  ticked?: string;
}

/** What was typed of the document, and which checks of it hold. `expires` is an ISO date or empty. */
export interface PaperSeen {
  number: string;
  name: string;
  expires: string;
  passed: readonly string[];
  failed: readonly string[];
}

/** A still that was kept; its size in dots. */
export interface StillSeen {
  id: string;
  kind: string;
  width: number;
  height: number;
}

/**
 * The newest visual identification of an attention, as its informer sees it.
 *
 * `stage`: none, informed, code, document, actions, stills, decision, accepted, stopped, refused, lapsed.
 * `lacking` is the code of why the step cannot be finished yet. `habilitated`: yes, or no habilitation (missing),
 * or lapsed; `habilitated_until` is its last day (an ISO date), or empty.
 */
export interface VisualSeen {
  stage?: string;
  interrupted?: boolean;
  restarts?: number;
  code_sent?: boolean;
  kind?: string;
  features?: readonly TickSeen[];
  paper?: PaperSeen | null;
  actions?: readonly TickSeen[];
  digits?: string;
  stills?: readonly StillSeen[];
  lacking?: string;
  habilitated?: string;
  habilitated_until?: string;
}

/**
 * The attention that occupies this informer. `consent` is the stage of the last request, or empty.
 *
 * `consent_id` names the request that waits for its answer; `picture` is how many lines of the citizen's picture
 * the level aimed at demands; `script` what the informer says aloud for it; `outcomes` what can have come of it;
 * `ways` how the citizen may show who they are for it; `barred` the levels that this informer may not propose;
 * `answered_by` whose hand gave the last answer: citizen, witness; `in_force` whether a consent holds now;
 * `withheld` the outcomes of the level that cannot have come of it, with the reason; `copy_waits` as the citizen
 * sees it.
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
  phone?: PhoneSeen | null;
  ways?: readonly string[];
  barred?: readonly BarredSeen[];
  answered_by?: string;
  in_force?: boolean;
  withheld?: readonly WithheldSeen[];
  clip_until?: string;
  deliveries?: readonly DeliverySeen[];
  visual?: VisualSeen;
  copy_waits?: boolean;
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
  ask_phone_code: AskPhoneCode;
  type_phone_code: TypePhoneCode;
  answer_images: AnswerImages;
  type_visual_code: TypeVisualCode;
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
  begin_visual: BeginVisual;
  send_visual_code: SendVisualCode;
  enter_visual_code: EnterVisualCode;
  choose_document: ChooseDocument;
  tick_feature: TickFeature;
  read_document: ReadDocument;
  tick_action: TickAction;
  finish_visual_step: FinishVisualStep;
  accept_visual: AcceptVisual;
  stop_visual: StopVisual;
}

/** The asks of both kinds of page, by their names on the wire. */
export interface Asks {
  sync: Sync;
  join_media: JoinMedia;
  describe_media: DescribeMedia;
  tell_sending: TellSending;
  reveal_identity: RevealIdentity;
}

/** The pushes to both kinds of page, by their names on the wire. */
export interface Pushes {
  citizen_changed: CitizenChanged;
  negotiate: Negotiate;
  media_described: MediaDescribed;
  description_refused: DescriptionRefused;
  media_lost: MediaLost;
  other_side: OtherSide;
  other_sends: OtherSends;
  session_ended: SessionEnded;
  desk_changed: DeskChanged;
}
