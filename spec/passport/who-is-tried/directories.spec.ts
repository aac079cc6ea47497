/** Directories that are called before verify, which then receives a profile. */
import { expect } from 'chai';
import * as shapes from '../../support/fixtures/credential-shapes.js';
import { open, warnings } from '../../support/sites/shape-site.js';

describe('The name tried at a directory', () => {
  const body = (username: unknown, password: unknown) => ({ body: { username, password } });
  /** Guests are known to the directory, and no staff. */
  const isStaff = ([profile]: readonly unknown[]) => (profile as { id?: string } | null)?.id === 'uid-alice';

  for (const shape of [shapes.WINDOWS_FORM, shapes.CROWD, shapes.OWN_DIRECTORY]) {
    it(`X11 is not one that all share: refused guests lock nobody else (${shape.name})`, () => {
      const site = open(shape, {}, isStaff);
      for (let times = 0; times < 5; times += 1) site.login(body('guest', 'right'));

      expect(site.counted()).not.to.include('<MALFORMED>');
      expect(site.login(body('alice', 'right'))).to.equal('success');
    });
  }

  for (const shape of [shapes.WINDOWS_FORM, shapes.CROWD, shapes.ACTIVE_DIRECTORY]) {
    it(`X11 is the name in the form: wrong passwords lock it before the directory is asked (${shape.name})`, () => {
      let asked = 0;
      const args: shapes.Shape['args'] = (...given) => {
        asked += 1;
        return shape.args(...given);
      };
      const site = open({ ...shape, args }, {}, isStaff);
      for (let times = 0; times < 20; times += 1) site.login(body(' Alice', 'guess'));

      expect(asked).to.equal(3);
      expect(site.login(body('alice', 'right'))).to.equal('fail');
    });
  }

  it('X11 is the same for all requests without a string if the directory accepts any type (ActiveDirectory)', () => {
    let asked = 0;
    const args: shapes.Shape['args'] = (...given) => {
      asked += 1;
      return shapes.ACTIVE_DIRECTORY.args(...given);
    };
    const site = open({ ...shapes.ACTIVE_DIRECTORY, args });
    for (let times = 0; times < 20; times += 1) site.login(body(['alice'], [`guess ${times}`]));

    expect(asked).to.equal(3);
  });

  it('X11 is unknown, with a warning, if only the form’s names are known (own-directory)', () => {
    const site = open(shapes.OWN_DIRECTORY, {}, isStaff);
    site.login(body('guest', 'right'));

    expect(site.counted()).to.deep.equal([]);
    expect(warnings(site)).to.have.length(1);
  });
});
