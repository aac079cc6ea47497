/** What people see at a terminal, and scripts behind a pipe. */
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { Output, type Streams } from '../../lib/cli/output.js';
import { widthOf } from '../../lib/cli/width.js';

type Cells = readonly (string | number | null)[];

/** An output at a terminal or behind a pipe, and what has left it so far. */
function outputTo({ isTTY }: { readonly isTTY: boolean }) {
  const stdout = Object.assign(new PassThrough(), { isTTY });
  const stderr = new PassThrough();
  const output = new Output({ stdout, stderr } as unknown as Streams);
  return { output, stdout: () => String(stdout.read() ?? ''), stderr: () => String(stderr.read() ?? '') };
}

function print(output: Output, ...rows: readonly Cells[]): void {
  for (const cells of rows) output.row(cells, {});
}

describe('Table', () => {
  it('has columns under a bold heading on a terminal, and tabs without a heading in a pipe', () => {
    const printed = (isTTY: boolean) => {
      const { output, stdout } = outputTo({ isTTY });
      output.heading(['subject', 'failures', 'by']);
      print(output, ['username=al\t', 3, null], ['ip=::1', 12, 'carol']);
      output.endRows();
      return stdout();
    };

    expect(printed(true)).to.equal(
      [
        '\u001b[1msubject           failures  by\u001b[22m\n',
        'username=al\\u{9}  3         -\n',
        'ip=::1            12        carol\n',
      ].join(''),
    );
    expect(printed(false)).to.equal('username=al\\u{9}\t3\t-\nip=::1\t12\tcarol\n');
  });

  const WIDTHS: readonly [text: string, width: number][] = [
    ['alice', 5],
    ['Zoë', 3],
    ['Zoe\u0308', 3],
    ['山田太郎', 8],
    ['ｶﾅ', 2],
    ['Ａ', 2],
    ['한국', 4],
    ['🔑', 2],
    ['Ünïcødé', 7],
    ['', 0],
  ];
  for (const [text, width] of WIDTHS) {
    it(`counts ${width} columns for ${JSON.stringify(text)}`, () => expect(widthOf(text)).to.equal(width));
  }

  it('aligns columns whatever the names, but is not stretched by one long name', () => {
    const { output, stdout } = outputTo({ isTTY: true });
    print(output, ['山田', 1], ['Zoë 🔑', 2], ['x'.repeat(100), 3]);
    output.endRows();

    const columns = stdout()
      .split('\n')
      .slice(0, -1)
      .map((line) => widthOf(line.slice(0, -1)));
    expect(columns).to.deep.equal([62, 62, 102]);
  });

  it('prints the rows of a long list as they come, with the remaining rows in the same columns', () => {
    const { output, stdout } = outputTo({ isTTY: true });
    print(output, ...Array.from({ length: 200 }, () => ['alice', 1]));
    expect(stdout()).to.equal('alice  1\n'.repeat(200));
    print(output, ['bob', 2]);
    expect(stdout()).to.equal('bob    2\n');
  });

  it('prints rows before it waits for more, and before notes', () => {
    const { output, stdout, stderr } = outputTo({ isTTY: true });
    print(output, ['alice', 1]);
    expect(stdout()).to.equal('');
    output.showRows();
    expect(stdout()).to.equal('alice  1\n');
    output.endRows();
    print(output, ['bob', 1]);
    output.note('so far');
    expect([stdout(), stderr()]).to.deep.equal(['bob  1\n', 'passport-lockout: so far\n']);
  });

  it('prints no heading without a row', () => {
    const { output, stdout } = outputTo({ isTTY: true });
    output.heading(['subject']);
    output.endRows();
    expect(stdout()).to.equal('');
  });
});

describe('--quiet', () => {
  it('keeps the requested output, errors, and JSON', () => {
    const { output, stdout, stderr } = outputTo({ isTTY: false });
    output.isQuiet = true;
    output.note('so far');
    output.result('1 subject reset.', { reset: 1 });
    expect([stdout(), stderr()]).to.deep.equal(['', '']);

    output.answer('asked for', {});
    print(output, ['row']);
    output.error('failed');
    expect([stdout(), stderr()]).to.deep.equal(['asked for\nrow\n', 'passport-lockout: failed\n']);

    output.isJson = true;
    output.result('1 subject reset.', { reset: 1 });
    expect(stdout()).to.equal('{"reset":1}\n');
  });
});
