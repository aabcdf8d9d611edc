// The components source-deploy-retrieve finds in a package, and one element of each.
import { readFileSync } from 'node:fs';
import sdr from '@salesforce/source-deploy-retrieve';

const { ManifestResolver, MetadataResolver, ZipTreeContainer } = sdr;
const tree = await ZipTreeContainer.create(readFileSync(process.argv[2]));
const found = new MetadataResolver(undefined, tree).getComponentsFromPath('.');
const manifest = await new ManifestResolver(tree).resolve('package.xml');
const components = await Promise.all(
  found.map(async (c) => ({ type: c.type.name, name: c.fullName, xml: await c.parseXml() })),
);
const named = manifest.components.map((c) => ({ type: c.type.name, name: c.fullName }));
process.stdout.write(JSON.stringify({ components, named, version: manifest.apiVersion }));
