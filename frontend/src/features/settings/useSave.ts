import { useMutation } from '@tanstack/react-query';
import { type FieldErrors, Problem } from '@/api/problem.ts';

export type Saving<V> = {
  save: (values: V) => void;
  busy: boolean;
  saved: boolean;
  /** The server's messages by field. */
  errors: FieldErrors;
  /** What the server said, where no field can say it. */
  message: string | undefined;
};

/** One form's way to the server: busy, saved, and refusals by field. */
export const useSave = <V>(send: (values: V) => Promise<unknown>, onSaved?: (values: V) => unknown): Saving<V> => {
  const mutation = useMutation({ mutationFn: send, onSuccess: (_, values) => onSaved?.(values) });
  const problem = mutation.error instanceof Problem ? mutation.error : undefined;
  const errors = problem?.fields ?? {};
  return {
    save: mutation.mutate,
    busy: mutation.isPending,
    saved: mutation.isSuccess,
    errors,
    message: mutation.error && Object.keys(errors).length === 0 ? mutation.error.message : undefined,
  };
};
