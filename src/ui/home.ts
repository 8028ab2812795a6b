/** The first page: what is this device, and which robot; knows no session. */
import { html, LitElement, nothing } from 'lit';
import './icon.ts';
import { homeStyles, pilotArt, robotArt } from './home-art.ts';
import { robotFragment } from './robot-address.ts';
import { sharedStyles } from './shared-styles.ts';
import './thread.ts';
import { seenAgo } from './words/figures.ts';
import { HOME } from './words/home.ts';

type KnownRobot = { readonly id: string; readonly name: string; readonly seenAtMs: number };
/** Chromium's offer to install, which only a click may take up. */
type InstallOffer = Event & { prompt(): Promise<unknown> };

/**
 * `robots`: those this device drove, newest first. `asking`: a pilot came without a robot. `updateReady`: a newer version waits.
 * `pilotName`: how robots show this person.
 * Dispatches `forget` with `{id}`, `rename` with `{name}`, and `update` when the person takes the newer version.
 */
export class TpHome extends LitElement {
  static override properties = {
    robots: { attribute: false },
    asking: { type: Boolean },
    updateReady: { type: Boolean },
    pilotName: { attribute: false },
    offline: { state: true },
    offer: { state: true },
    misread: { state: true },
  };
  declare robots: readonly KnownRobot[];
  declare asking: boolean;
  declare updateReady: boolean;
  declare pilotName: string;
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
        </div>
        ${this.asking ? this.#hello(HOME.which, HOME.whichLead) : first ? this.#hello(HOME.hello, HOME.lead) : nothing}
        ${this.asking ? nothing : doors()}
        <div class="lower">
          <section class="robots" aria-labelledby="my-robots">
            <h2 id="my-robots">${HOME.myRobots}</h2>
            ${first ? html`<p class="card empty quiet">${HOME.none}</p>` : html`<ul class="card">${this.robots.map((robot, i) => this.#robot(robot, i === 0))}</ul>`}
            ${this.#address()}
            ${this.#name()}
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

  #robot(robot: KnownRobot, newest: boolean) {
    return html`<li class="robot">
      <span class="pic"><tp-icon name="rover"></tp-icon></span>
      <div><b>${robot.name}</b><span class="quiet num">${seenAgo(robot.seenAtMs, Date.now())}</span></div>
      <a class="button small ${newest ? 'primary' : ''}" href="#pilot/${robot.id}" aria-label="${HOME.drive} ${robot.name}">${HOME.drive}</a>
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
      <p id="misread" class="misread" role="alert">${this.misread ? html`<span data-testid="fault">${HOME.notAnAddress}</span>` : nothing}</p>`;
  }

  #name() {
    return html`<div class="address">
      <label for="name">${HOME.yourName}</label>
      <div class="row">
        <input id="name" name="name" autocomplete="nickname" maxlength="40" .value=${this.pilotName} @change=${this.#rename} />
      </div>
    </div>`;
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
    const fragment = robotFragment(this.renderRoot.querySelector('input')?.value ?? '');
    if (fragment === undefined) this.#read(true);
    else location.hash = fragment;
  }

  #read(misread: boolean): void {
    this.misread = misread;
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
