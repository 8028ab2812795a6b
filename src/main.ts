/** The only place where real things are made and joined: picks home, robot or pilot from the address. */
import './ui/tokens.css';
import './ui/home.ts';
import { pageClock } from './core/clock.ts';
import { openSettings } from './storage/settings.ts';

type Route = { readonly page: 'home' } | { readonly page: 'robot' } | { readonly page: 'pilot'; readonly robotId: string };

/** `#robot`, `#pilot/<id of the robot>`, anything else is home. The fragment never reaches a server. */
function routeOf(hash: string): Route {
  const [page, id] = hash.replace(/^#\/?/, '').split('/');
  if (page === 'robot') return { page };
  if (page === 'pilot' && id && /^[a-z2-7]{25}$/.test(id)) return { page, robotId: id };
  return { page: 'home' };
}

async function show(app: HTMLElement): Promise<void> {
  const route = routeOf(location.hash);
  const settings = openSettings();
  switch (route.page) {
    case 'home': {
      const home = document.createElement('tp-home');
      home.robots = (await settings.get('robots')) ?? [];
      home.addEventListener('forget', (event) => {
        const { id } = (event as CustomEvent<{ id: string }>).detail;
        home.robots = home.robots.filter((robot) => robot.id !== id);
        void settings.set('robots', home.robots);
      });
      app.replaceChildren(home);
      return;
    }
    case 'robot': {
      const [{ makeRobot }] = await Promise.all([import('./main-robot.ts'), import('./ui/robot.ts')]);
      const page = document.createElement('tp-robot');
      page.session = makeRobot(settings);
      app.replaceChildren(page);
      return;
    }
    case 'pilot': {
      const [{ makePilot }] = await Promise.all([import('./main-pilot.ts'), import('./ui/pilot.ts')]);
      const page = document.createElement('tp-pilot');
      page.session = await makePilot(settings, route.robotId);
      app.replaceChildren(page);
      return;
    }
    default:
      route satisfies never;
  }
}

void pageClock;
