import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronsUpDown } from 'lucide-react';
import { organizationsQuery } from '@/api/queries.ts';
import { useOrg } from '@/api/useOrg.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { LazyMenu } from '@/ui/LazyMenu.tsx';
import { Logo } from '@/ui/Logo.tsx';
import c from './OrgSwitch.module.css';

const t = defineMessages({ switch: 'Switch organization' });

/** The organization one works in; with several, the way to another. */
export function OrgSwitch() {
  const slug = useOrg();
  const navigate = useNavigate();
  const { data: organizations = [] } = useQuery(organizationsQuery());
  const name = organizations.find((organization) => organization.slug === slug)?.name ?? slug;
  const face = (
    <>
      <Logo />
      <span className={c.name}>{name}</span>
    </>
  );
  if (organizations.length < 2) return <div className={c.org}>{face}</div>;
  return (
    <LazyMenu
      label={t('switch')}
      variant="ghost"
      className={c.org}
      value={slug}
      items={organizations.map((organization) => ({ id: organization.slug, label: organization.name }))}
      onPick={(org) => navigate({ to: '/organizations/$org/issues/', params: { org }, search: {} })}
    >
      {face}
      <ChevronsUpDown size={13} aria-hidden="true" className={c.caret} />
    </LazyMenu>
  );
}
