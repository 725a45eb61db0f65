import { projectSpecs } from '../../vitest.base.mts';

export default projectSpecs(import.meta.dirname);
