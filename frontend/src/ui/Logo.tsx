import c from './Logo.module.css';

/** The mark: a rider's ridge line. Decoration beside the name. */
export function Logo({ size = 22 }: { size?: 22 | 36 }) {
  return (
    <span className={size === 36 ? `${c.logo} ${c.large}` : c.logo} aria-hidden="true">
      <svg viewBox="0 0 20 20" width="72%" height="72%" role="presentation">
        <path
          d="M2.6 16 8.2 6.2l2.6 4.6L13 7.2 17.4 16"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      </svg>
    </span>
  );
}
