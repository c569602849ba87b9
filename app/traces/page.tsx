import { TraceList } from "../../components/traces/trace-list.tsx";

export default function Page() {
  return <TraceList />;
}
