import { defineMessages } from '@/lib/i18n/t.ts';
import { type ContextCard, contextCards } from '../model/contexts.ts';
import type { EventDetail } from '../model/event.ts';
import { Pairs } from '../parts/Pairs.tsx';
import { Section } from '../parts/Section.tsx';
import c from './ContextsSection.module.css';

const t = defineMessages({ title: 'Contexts' });

function Card({ card }: { card: ContextCard }) {
  return (
    <article className={c.card}>
      <h3>
        {card.title}
        {card.summary && <span className={c.summary}>{card.summary}</span>}
      </h3>
      <Pairs rows={card.rows} />
    </article>
  );
}

/** Who and what it happened to: user, browser, device, runtime and whatever the application added. */
export function ContextsSection({ event }: { event: EventDetail }) {
  const cards = contextCards(event);
  if (cards.length === 0) return null;
  return (
    <Section id="contexts" title={t('title')} note={cards.length}>
      <div className={c.cards}>
        {cards.map((card) => (
          <Card key={card.id} card={card} />
        ))}
      </div>
    </Section>
  );
}
