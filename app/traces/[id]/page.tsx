import { TraceView } from "../../../components/traces/trace-view.tsx";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <TraceView traceId={id} />;
}
