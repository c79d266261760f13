/** Finds names that a package exports without a doc comment, with the TypeScript compiler. */
import { join } from 'node:path';
import ts from 'typescript';

const PACKAGES = ['identity', 'contract', 'cluster', 'operations', 'host'];

/** `package: name` of every undocumented export. Kubernetes' own wire types and inferred schema types document themselves. */
export function undocumentedExports(root: string): readonly string[] {
  const entries = PACKAGES.map((name) => join(root, 'packages', name, 'src/index.ts'));
  const config = ts.readConfigFile(join(root, 'tsconfig.check.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const program = ts.createProgram(entries, options);
  const checker = program.getTypeChecker();
  return entries.flatMap((entry, i) => {
    const source = program.getSourceFile(entry);
    const module = source && checker.getSymbolAtLocation(source);
    const symbols = module === undefined ? [] : checker.getExportsOfModule(module);
    return symbols.filter((symbol) => !isDocumented(symbol, checker)).map((symbol) => `${PACKAGES[i]}: ${symbol.name}`);
  });
}

function isDocumented(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  if (target.getDocumentationComment(checker).length > 0) return true;
  const declaration = target.declarations?.[0];
  return declaration !== undefined && (isAliasOfWireType(declaration) || isSchema(target.name));
}

/** `export type Pod = Kube<core.Pod>`: Kubernetes documents it. */
function isAliasOfWireType(declaration: ts.Declaration): boolean {
  return declaration.getSourceFile().fileName.endsWith('cluster/src/model/kinds.ts');
}

/** Schemas carry descriptions inside, and the types inferred from them are the same thing. */
function isSchema(name: string): boolean {
  return name.endsWith('Schema');
}
