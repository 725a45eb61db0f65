import { projectSpecs } from '../../vitest.base.mts';

export default projectSpecs(import.meta.dirname, {
  // Once loaded, for all spec files: no module keeps a state that one could leave to the next.
  isolate: false,
});
