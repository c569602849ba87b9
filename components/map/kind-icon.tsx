import { Box, Database, DoorOpen, Landmark, type LucideIcon, MessagesSquare, Users, Zap } from "lucide-react";
import type { ComponentKind } from "#contract/state.ts";

const icons: Record<ComponentKind, LucideIcon> = {
  service: Box,
  gateway: DoorOpen,
  database: Database,
  broker: MessagesSquare,
  cache: Zap,
  external: Landmark,
  client: Users,
};

export function KindIcon({ kind }: { kind: ComponentKind }) {
  const Icon = icons[kind];
  return <Icon className="kind-icon" size="1.05em" strokeWidth={2.2} aria-hidden="true" />;
}
