/** Tables: a caption, heads with a scope, links to sort by, and a region of its own that scrolls. */
import type { ComponentChildren, VNode } from 'preact';

export interface Column<Row> {
  readonly id: string;
  readonly head: ComponentChildren;
  readonly cell: (row: Row) => ComponentChildren;
  /**
   * `name`: the cell that names its row, the first one by custom; `number`: aligned at its end; `tight`: on one line;
   * `wide`: sentences.
   * @default 'text'
   */
  readonly kind?: 'name' | 'number' | 'text' | 'tight' | 'wide' | undefined;
  /** A link that sorts by this column, and how the rows are sorted by it now. */
  readonly sort?: { readonly href: string; readonly direction?: 'ascending' | 'descending' | undefined } | undefined;
}

export interface DataTableProps<Row> {
  /** Unique on its page: it names the region that scrolls. */
  readonly caption: string;
  /** Whether a heading beside the table already shows the caption. */
  readonly isCaptionHidden?: boolean | undefined;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row, index: number) => string;
  /** Shown in place of a table without rows. */
  readonly empty?: VNode | undefined;
  /** Whether it scrolls in its own height, under a head that stays. */
  readonly isLong?: boolean | undefined;
}

export function DataTable<Row>(props: DataTableProps<Row>): VNode {
  const { caption, isCaptionHidden = false, columns, rows, keyOf, empty, isLong = false } = props;
  if (rows.length === 0 && empty) return empty;
  // Has the focus, since keyboards scroll only what has it.
  return (
    <section class={isLong ? 'scroll long' : 'scroll'} aria-label={`Table: ${caption}`} tabindex={0}>
      <table>
        <caption class={isCaptionHidden ? 'sr' : undefined}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ id, head, kind, sort }) => (
              <th key={id} scope="col" class={classOf(kind)} aria-sort={sort?.direction}>
                {sort ? <a href={sort.href}>{head}</a> : head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)} data-key={keyOf(row, index)}>
              {columns.map(({ id, kind, cell }) =>
                kind === 'name' ? (
                  <th key={id} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={id} class={classOf(kind)}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function classOf(kind: Column<never>['kind']): string | undefined {
  if (kind === 'number') return 'num';
  return kind === 'tight' || kind === 'wide' ? kind : undefined;
}
