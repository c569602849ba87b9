import { expect, test } from "vitest";
import { toBounds, toRegions } from "./to-regions.ts";

const rect = (x: number, y: number) => ({ x, y, width: 100, height: 50 });

test("each context has one region around its cards; what belongs to none has none", () => {
  const components = [
    { id: "catalog", kind: "service" as const, context: "Catalog", modules: 0 },
    { id: "catalog-db", kind: "database" as const, context: "Catalog", modules: 0 },
    { id: "bank", kind: "external" as const, context: null, modules: 0 },
  ];
  const rects = { catalog: rect(0, 0), "catalog-db": rect(0, 200), bank: rect(500, 0) };
  const [region, ...others] = toRegions({ components, edges: [] }, rects);
  expect(others).toEqual([]);
  expect(region?.context).toBe("Catalog");
  expect(region && region.y < 0 && region.y + region.height > 250 && region.x + region.width < 500).toBe(true);
});

test("the bounds hold every rectangle", () => {
  expect(toBounds([rect(-10, 0), rect(300, 100)])).toEqual({ x: -10, y: 0, width: 410, height: 150 });
});
