"use client";

/** A view that broke: says so, and offers the way back. The top bar and the socket live on around it. */
export default function ErrorView({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <div role="alert" className="grid h-full place-items-center p-8">
      <div className="max-w-2xl text-center">
        <h2 className="text-2xl font-semibold">This view broke</h2>
        <p className="mt-3 text-lg text-muted">{error.message}</p>
        <button
          type="button"
          onClick={reset}
          className="mt-6 h-10 rounded-md border border-accent bg-accent px-4 font-medium text-on-accent"
        >
          Show it again
        </button>
      </div>
    </div>
  );
}
