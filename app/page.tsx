import { MapPage } from "../components/map/map-page.tsx";

export default function Page() {
  return <MapPage />;
}
