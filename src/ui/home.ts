/** The first page: what is this device, and which robot; knows no session. */
import { html, LitElement, nothing } from 'lit';
import './icon.ts';
import type { Fault } from '../core/fault.ts';
import type { Presence } from '../session/lookout-state.ts';
import { homeStyles, pilotArt, robotArt } from './home-art.ts';
import { readAddress } from './robot-address.ts';
import { sharedStyles } from './shared-styles.ts';
import './thread.ts';
import { seenAgo } from './words/figures.ts';
import { HOME, presenceWords } from './words/home.ts';
import { faultSentence } from './words.ts';

type KnownRobot = { readonly id: string; readonly name: string; readonly seenAtMs: number };
/** Chromium's offer to install, which only a click may take up. */
type InstallOffer = Event & { prompt(): Promise<unknown> };

/**
 * `robots`: those this device drove, newest first. `asking`: a pilot came without a robot. `updateReady`: a newer version waits.
 * `pilotName`: how robots show this person. `presence`: which robots are there, by id. `adding`: how the look for a typed code goes.
 * `relayOnly`: whether robots must not see this device's addresses. `lasting`: whether this browser keeps keys.
 * Dispatches `forget` with `{id}`, `rename` with `{name}`, `code` with `{code}`, `relay` with `{on}`, and `update` when the person takes the newer version.
 */
export class TpHome extends LitElement {
  static override properties = {
    robots: { attribute: false },
    asking: { type: Boolean },
    updateReady: { type: Boolean },
    pilotName: { attribute: false },
    presence: { attribute: false },
    adding: { attribute: false },
    relayOnly: { type: Boolean },
    lasting: { type: Boolean },
    offline: { state: true },
    offer: { state: true },
    misread: { state: true },
  };
  declare robots: readonly KnownRobot[];
  declare asking: boolean;
  declare updateReady: boolean;
  declare pilotName: string;
  declare presence: ReadonlyMap<string, Presence>;
  declare adding: 'no' | 'looking' | Fault;
  declare relayOnly: boolean;
  declare lasting: boolean;
  declare offline: boolean;
  declare offer: InstallOffer | undefined;
  declare misread: boolean;
  #life: AbortController | undefined;

  static override styles = [sharedStyles, homeStyles];

  constructor() {
    super();
    this.robots = [];
    this.asking = false;
    this.updateReady = false;
    this.pilotName = '';
    this.presence = new Map();
    this.adding = 'no';
    this.relayOnly = false;
    this.lasting = true;
    this.offline = false;
    this.offer = undefined;
    this.misread = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#life = new AbortController();
    const { signal } = this.#life;
    const look = () => {
      this.offline = !navigator.onLine;
    };
    look();
    window.addEventListener('online', look, { signal });
    window.addEventListener('offline', look, { signal });
    window.addEventListener(
      'beforeinstallprompt',
      (event) => {
        event.preventDefault();
        this.offer = event as InstallOffer;
      },
      { signal },
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#life?.abort();
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('asking') && this.asking) this.renderRoot.querySelector('input')?.focus();
  }

  override render() {
    const first = this.robots.length === 0;
    const ready = this.robots.find((robot) => this.#presenceOf(robot).at === 'free');
    return html`<div class="home" ?data-first=${first && !this.asking}>
      <header class="bar">
        <a class="brand" href="#">
          <svg viewBox="0 0 38 16" fill="none" aria-hidden="true">
            <circle cx="8" cy="8" r="5.6" stroke="currentColor" stroke-width="2.6"></circle>
            <path d="M14 8h14" stroke="currentColor" stroke-width="2.4"></path>
            <circle class="hot" cx="31" cy="8" r="6"></circle>
          </svg>
          ${HOME.brand}
        </a>
      </header>
      <main>
        <div class="notices" aria-live="polite">
          ${this.updateReady ? this.#update() : nothing}
          ${this.offline ? notice(HOME.offline, HOME.offlineWhat) : nothing}
          ${window.isSecureContext ? nothing : notice(HOME.insecure, HOME.insecureWhat)}
          ${this.lasting ? nothing : notice(HOME.notLasting, HOME.notLastingWhat)}
        </div>
        ${this.asking ? this.#hello(HOME.which, HOME.whichLead) : first ? this.#hello(HOME.hello, HOME.lead) : nothing}
        ${this.asking ? nothing : doors()}
        <div class="lower">
          <section class="robots" aria-labelledby="my-robots">
            <h2 id="my-robots">${HOME.myRobots}</h2>
            ${first ? html`<p class="card empty quiet">${HOME.none}</p>` : html`<ul class="card">${this.robots.map((robot) => this.#robot(robot, robot === ready))}</ul>`}
            ${this.#address()}
            ${this.#name()}
            ${this.#relay()}
          </section>
          <div class="below">
            <a class="sim card" href="#robot">
              <tp-icon name="sim" size="l"></tp-icon>
              <div><b>${HOME.simulated}</b><span>${HOME.simulatedLead}</span></div>
              <tp-icon name="next" size="s"></tp-icon>
            </a>
            ${this.offer === undefined ? nothing : this.#install()}
          </div>
        </div>
      </main>
      <footer class="foot"><tp-icon name="lock" size="s"></tp-icon>${HOME.promise}</footer>
    </div>`;
  }

  #hello(title: string, lead: string) {
    return html`<div class="hello"><h1>${title}</h1><p>${lead}</p></div>`;
  }

  #presenceOf({ id }: KnownRobot): Presence {
    // Nobody looks, for want of keys or of a network: then when it was seen is all that is known.
    return this.presence.get(id) ?? { at: 'away' };
  }

  /** `ready`: the first of those that can be driven now. */
  #robot(robot: KnownRobot, ready: boolean) {
    const now = this.#presenceOf(robot);
    const words = presenceWords(now, seenAgo(robot.seenAtMs, Date.now()));
    const busy = now.at === 'busy';
    const action = busy ? HOME.watch : HOME.drive;
    return html`<li class="robot" data-testid="home-robot" data-id=${robot.id} data-at=${now.at}>
      <span class="pic"><tp-icon name="rover"></tp-icon></span>
      <div><b>${robot.name}</b><span class="quiet num lamp" data-level=${words.level}>${words.line}</span></div>
      ${
        now.at === 'refused'
          ? nothing
          : html`<a class="button small ${ready ? 'primary' : now.at === 'away' ? 'plain' : ''}" href="#${busy ? 'watch' : 'pilot'}/${robot.id}" aria-label="${action} ${robot.name}">${action}</a>`
      }
      <button class="icon-button" type="button" aria-label=${HOME.forget(robot.name)} title=${HOME.forget(robot.name)} @click=${() => this.#forget(robot)}>
        <tp-icon name="close" size="s"></tp-icon>
      </button>
    </li>`;
  }

  #address() {
    return html`<form class="address" @submit=${this.#open}>
        <label for="address">${HOME.address}</label>
        <div class="row">
          <input
            id="address" name="address" autocomplete="off" autocapitalize="none" spellcheck="false" enterkeyhint="go"
            placeholder=${HOME.addressHint} aria-invalid=${this.misread} aria-describedby="misread" @input=${() => this.#read(false)}
          />
          <button class="button" type="submit">${HOME.open}</button>
        </div>
      </form>
      <p id="misread" class="misread" role="alert">${this.#trouble()}</p>`;
  }

  #name() {
    return html`<div class="address">
      <label for="name">${HOME.yourName}</label>
      <div class="row">
        <input id="name" name="name" autocomplete="nickname" maxlength="40" .value=${this.pilotName} @change=${this.#rename} />
      </div>
    </div>`;
  }

  #trouble() {
    if (this.misread) return html`<span data-testid="fault">${HOME.notAnAddress}</span>`;
    if (this.adding === 'looking') return html`<span role="status">${HOME.looking}</span>`;
    if (this.adding === 'no') return nothing;
    return html`<span data-testid="fault" data-code=${this.adding.code}>${faultSentence(this.adding)}</span>`;
  }

  #relay() {
    return html`<label class="switch">
      <input type="checkbox" role="switch" data-testid="home-relay-only" .checked=${this.relayOnly} @change=${this.#hide} />
      <b>${HOME.relayOnly}</b>
      <span class="quiet">${HOME.relayOnlyWhat}</span>
    </label>`;
  }

  #hide(event: Event): void {
    this.dispatchEvent(new CustomEvent('relay', { detail: { on: (event.target as HTMLInputElement).checked } }));
  }

  #rename(event: Event): void {
    const { value } = event.target as HTMLInputElement;
    this.dispatchEvent(new CustomEvent('rename', { detail: { name: value.trim() } }));
  }

  #install() {
    return html`<div class="install">
      <p>${HOME.installWhat}</p>
      <div class="row">
        <button class="button small" type="button" @click=${this.#takeOffer}><tp-icon name="download" size="s"></tp-icon>${HOME.install}</button>
        <button class="button small plain" type="button" @click=${this.#dropOffer}>${HOME.notNow}</button>
      </div>
    </div>`;
  }

  #update() {
    return html`<div class="notice">
      <p><b>${HOME.update}</b></p>
      <button class="button small" type="button" @click=${() => this.dispatchEvent(new Event('update'))}>${HOME.updateUse}</button>
    </div>`;
  }

  #open(event: SubmitEvent): void {
    event.preventDefault();
    const found = readAddress(this.renderRoot.querySelector('input')?.value ?? '');
    if (found === undefined) this.#read(true);
    else if ('open' in found) location.hash = found.open;
    else this.dispatchEvent(new CustomEvent('code', { detail: found }));
  }

  #read(misread: boolean): void {
    this.misread = misread;
    this.adding = 'no';
  }

  #forget({ id }: KnownRobot): void {
    this.dispatchEvent(new CustomEvent('forget', { detail: { id } }));
  }

  #takeOffer(): void {
    // Whatever the person answers there, the offer is used up.
    void this.offer?.prompt();
    this.#dropOffer();
  }

  #dropOffer(): void {
    this.offer = undefined;
  }
}

function notice(title: string, what: string) {
  return html`<div class="notice" data-level="wait"><tp-icon name="warn"></tp-icon><p data-testid="fault"><b>${title}</b> ${what}</p></div>`;
}

function doors() {
  return html`<nav class="doors" aria-label=${HOME.doors}>
    <a class="door card" href="#pilot">
      ${pilotArt}
      <div><h2>${HOME.pilot}</h2><p>${HOME.pilotLead}</p></div>
    </a>
    <tp-thread></tp-thread>
    <a class="door card" href="#robot">
      ${robotArt}
      <div><h2>${HOME.robot}</h2><p>${HOME.robotLead}</p></div>
    </a>
  </nav>`;
}

customElements.define('tp-home', TpHome);

declare global {
  interface HTMLElementTagNameMap {
    'tp-home': TpHome;
  }
}
