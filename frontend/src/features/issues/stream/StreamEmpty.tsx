import { CircleCheck, SearchX, X } from 'lucide-react';
import { parse } from '@/lib/query-language/parser.ts';
import { without } from '@/lib/query-language/print.ts';
import { useSearchChange } from '@/lib/routing/useSearchChange.ts';
import { Button } from '@/ui/Button.tsx';
import { EmptyState } from '@/ui/EmptyState.tsx';
import { queryOf } from '../queries.ts';
import { defaultQuery, type IssuesSearch } from '../routes.ts';
import c from './StreamEmpty.module.css';
import { t } from './strings.ts';

const isScoped = (search: IssuesSearch): boolean => Boolean(search.project || search.environment || search.start);

/** Nothing to show: either all is well, or the filters are too narrow, and then they can be taken out here. */
export default function StreamEmpty({ search }: { search: IssuesSearch }) {
  const change = useSearchChange();
  const query = queryOf(search);
  if (query === defaultQuery && !isScoped(search)) {
    return (
      <EmptyState icon={CircleCheck} title={t('emptyClear')}>
        {t('emptyClearText')}
      </EmptyState>
    );
  }
  const pieces = parse(query).tokens.filter(({ kind }) => kind !== 'space');
  const widen = () =>
    change({
      statsPeriod: '90d',
      start: undefined,
      end: undefined,
      environment: undefined,
      project: undefined,
      cursor: undefined,
    });
  const remove = (start: number) =>
    change({ query: without(query, (token) => token.start === start), cursor: undefined });
  return (
    <EmptyState
      icon={SearchX}
      title={t('emptyFiltered')}
      action={
        <Button onPress={widen} data-test-id="widen">
          {t('widen')}
        </Button>
      }
    >
      <p>{t('emptyFilteredText')}</p>
      <ul className={c.chips}>
        {pieces.map((piece) => (
          <li key={piece.start}>
            <Button
              size="sm"
              className={c.chip}
              aria-label={t('removeFilter', { filter: piece.text })}
              onPress={() => remove(piece.start)}
            >
              {piece.text}
              <X size={12} aria-hidden="true" />
            </Button>
          </li>
        ))}
      </ul>
    </EmptyState>
  );
}
