import type { Random } from '../core/base/random.ts';

/**
 * JSON events as a shop's services send them: five templates with varied fields, about 200 to 450 bytes.
 * Identifiers are high in entropy and field names repeat, so gzip takes them to between 0.15 and 0.5 of
 * their size, as it does with real event streams.
 */
export function createJsonEvents(count: number, random: Random): Buffer[] {
  return Array.from({ length: count }, (_, index) => Buffer.from(JSON.stringify(createEvent(index, random))));
}

const FIRST_NAMES = [
  'Ada',
  'Bruno',
  'Chioma',
  'Dmitri',
  'Elif',
  'Farah',
  'Goran',
  'Hana',
  'Ines',
  'Jonas',
  'Kaoru',
  'Lena',
];
const CITIES = [
  'Lagos',
  'Lyon',
  'Porto',
  'Osaka',
  'Quito',
  'Tartu',
  'Leeds',
  'Busan',
  'Turin',
  'Perth',
  'Oslo',
  'Austin',
];
const PRODUCTS = [
  'kettle',
  'lamp',
  'notebook',
  'chair',
  'backpack',
  'bicycle pump',
  'tea towel',
  'desk',
  'headphones',
  'mug',
];
const AGENTS = ['ios/17.4.1', 'android/14', 'web-chrome/126.0', 'web-firefox/127.0', 'web-safari/17.5'];
const PAGES = ['/home', '/search', '/product', '/cart', '/checkout', '/account/orders', '/help/returns'];
const CURRENCIES = ['EUR', 'USD', 'JPY', 'GBP', 'BRL'];
const CARRIERS = ['dhl', 'ups', 'la-poste', 'gls', 'correos'];
const EPOCH_MS = Date.UTC(2025, 0, 6, 8, 0, 0);

type Template = (random: Random) => Record<string, unknown>;

const TEMPLATES: readonly Template[] = [orderPlaced, pageViewed, paymentSettled, parcelMoved, stockChanged];

function createEvent(index: number, random: Random): Record<string, unknown> {
  const template = TEMPLATES[random.nextBelow(TEMPLATES.length)]!;
  const occurredAt = new Date(EPOCH_MS + index * 37 + random.nextBelow(37)).toISOString();
  return { id: hex(random, 16), occurredAt, ...template(random), trace: hex(random, 8) };
}

function orderPlaced(random: Random): Record<string, unknown> {
  const items = Array.from({ length: 1 + random.nextBelow(3) }, () => ({
    sku: `${pick(random, PRODUCTS).slice(0, 3).toUpperCase()}-${10000 + random.nextBelow(90000)}`,
    name: pick(random, PRODUCTS),
    quantity: 1 + random.nextBelow(4),
    price: cents(random, 20000),
  }));
  return {
    type: 'order.placed',
    customer: customer(random),
    currency: pick(random, CURRENCIES),
    items,
    total: cents(random, 60000),
    shipping: { city: pick(random, CITIES), express: random.nextBelow(4) === 0 },
  };
}

function pageViewed(random: Random): Record<string, unknown> {
  return {
    type: 'page.viewed',
    session: hex(random, 12),
    page: pick(random, PAGES),
    referrer: random.nextBelow(3) === 0 ? null : pick(random, PAGES),
    agent: pick(random, AGENTS),
    loadMs: 40 + random.nextBelow(900),
    viewport: { width: 320 + 16 * random.nextBelow(100), height: 568 + 8 * random.nextBelow(90) },
  };
}

function paymentSettled(random: Random): Record<string, unknown> {
  return {
    type: 'payment.settled',
    order: 1_000_000 + random.nextBelow(9_000_000),
    amount: cents(random, 60000),
    currency: pick(random, CURRENCIES),
    method: pick(random, ['card', 'transfer', 'wallet', 'invoice']),
    authorization: hex(random, 10),
    risk: random.nextBelow(1000) / 1000,
    customer: customer(random),
  };
}

function parcelMoved(random: Random): Record<string, unknown> {
  return {
    type: 'parcel.moved',
    parcel: `${pick(random, CARRIERS)}-${hex(random, 6)}`,
    from: pick(random, CITIES),
    to: pick(random, CITIES),
    position: {
      lat: random.nextBelow(18_000_000) / 100_000 - 90,
      lon: random.nextBelow(36_000_000) / 100_000 - 180,
    },
    weightGrams: 50 + random.nextBelow(30_000),
    delayed: random.nextBelow(8) === 0,
  };
}

function stockChanged(random: Random): Record<string, unknown> {
  return {
    type: 'stock.changed',
    warehouse: `${pick(random, CITIES).toLowerCase()}-${1 + random.nextBelow(4)}`,
    sku: `${pick(random, PRODUCTS).slice(0, 3).toUpperCase()}-${10000 + random.nextBelow(90000)}`,
    product: pick(random, PRODUCTS),
    before: random.nextBelow(5000),
    after: random.nextBelow(5000),
    reason: pick(random, ['sale', 'return', 'delivery', 'count', 'damage']),
    operator: customer(random),
  };
}

function customer(random: Random): Record<string, unknown> {
  return {
    id: 100_000 + random.nextBelow(900_000),
    name: pick(random, FIRST_NAMES),
    city: pick(random, CITIES),
  };
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[random.nextBelow(values.length)]!;
}

function cents(random: Random, bound: number): number {
  return (100 + random.nextBelow(bound)) / 100;
}

function hex(random: Random, digits: number): string {
  let text = '';
  while (text.length < digits) text += random.nextUint32().toString(16).padStart(8, '0');
  return text.slice(0, digits);
}
