import { cloneElement, type ReactElement, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Kbd } from './Kbd.tsx';
import c from './Tooltip.module.css';

type Handlers = {
  onMouseEnter?: (event: React.MouseEvent<HTMLElement>) => void;
  onMouseLeave?: () => void;
  onFocus?: (event: React.FocusEvent<HTMLElement>) => void;
  onBlur?: () => void;
  onPointerDown?: () => void;
  'aria-describedby'?: string | undefined;
};

const HOVER_DELAY = 500;
const GAP = 6;

/**
 * A short hint for the one element inside, after a moment of hovering or at once on keyboard focus. Escape hides it.
 * Never the only place of information.
 */
export function Tooltip({
  text,
  keys,
  children,
}: {
  text: string;
  keys?: string | undefined;
  children: ReactElement<Handlers>;
}) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const id = useId();
  const hide = () => {
    clearTimeout(timer.current);
    setAnchor(null);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!anchor) return;
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && setAnchor(null);
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [anchor]);
  const own = children.props;
  return (
    <>
      {cloneElement(children, {
        onMouseEnter: (event: React.MouseEvent<HTMLElement>) => {
          const element = event.currentTarget;
          own.onMouseEnter?.(event);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => setAnchor(element), HOVER_DELAY);
        },
        onMouseLeave: () => {
          own.onMouseLeave?.();
          hide();
        },
        onFocus: (event: React.FocusEvent<HTMLElement>) => {
          own.onFocus?.(event);
          if (event.currentTarget.matches(':focus-visible')) setAnchor(event.currentTarget);
        },
        onBlur: () => {
          own.onBlur?.();
          hide();
        },
        onPointerDown: () => {
          own.onPointerDown?.();
          hide();
        },
        'aria-describedby': anchor ? id : own['aria-describedby'],
      })}
      {anchor && createPortal(<Bubble id={id} anchor={anchor} text={text} keys={keys} />, document.body)}
    </>
  );
}

function Bubble({
  id,
  anchor,
  text,
  keys,
}: {
  id: string;
  anchor: HTMLElement;
  text: string;
  keys?: string | undefined;
}) {
  const place = (bubble: HTMLDivElement | null) => {
    if (!bubble) return;
    const box = anchor.getBoundingClientRect();
    const below = box.bottom + GAP + bubble.offsetHeight < innerHeight;
    const left = Math.min(
      Math.max(box.left + box.width / 2 - bubble.offsetWidth / 2, GAP),
      innerWidth - bubble.offsetWidth - GAP,
    );
    bubble.style.left = `${left}px`;
    bubble.style.top = `${below ? box.bottom + GAP : box.top - GAP - bubble.offsetHeight}px`;
  };
  return (
    <div id={id} ref={place} role="tooltip" className={c.bubble}>
      {text}
      {keys && <Kbd keys={keys} />}
    </div>
  );
}
