import { useState } from 'react';
import type { FieldErrors } from '@/api/problem.ts';
import type { Saving } from '../useSave.ts';

export type Checked<V> = { values: V } | { wrong: FieldErrors };

/** A form that is looked through before it is sent: what is wrong stands beside its field at once. */
export const useChecked = <V>(saving: Saving<V>, read: (form: FormData) => Checked<V>) => {
  const [wrong, setWrong] = useState<FieldErrors>();
  const submit = (form: FormData) => {
    const found = read(form);
    setWrong('wrong' in found ? found.wrong : undefined);
    if ('values' in found) saving.save(found.values);
  };
  return { errors: wrong ?? saving.errors, submit };
};
