using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Hosting;
using ClosedLoop.Storage;

namespace ClosedLoop.AspNetCore.Metrics;

/// <summary>
/// Gauges that are read from the record at each scrape, so that they are right after a restart and the same on every node. Pipelines, gates and
/// sources are configured, so the number of samples is bounded.
/// </summary>
internal sealed class RecordGauges(ILoopQueries queries, TimeProvider time, IIncidents? incidents = null)
{
    public async ValueTask<IReadOnlyList<MetricFamily>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return [Up(1), .. Items(await queries.CountAsync(cancellationToken).ConfigureAwait(false)), Changes(await queries.ReadFacetsAsync(cancellationToken).ConfigureAwait(false)), .. Sources(), .. await IncidentsAsync(cancellationToken).ConfigureAwait(false)];
        }
        catch (StoreUnavailableException)
        {
            // What is not known has no sample; that it is not known has one.
            return [Up(0), .. Sources()];
        }
    }

    private static MetricFamily Up(int value) => Gauge("closedloop_store_up", "1 while the store can be read.", [MetricSample.Of(value)]);

    private IEnumerable<MetricFamily> Items(IReadOnlyList<BoardRow> rows)
    {
        yield return Gauge("closedloop_items", "Items by pipeline, by the gate that they wait for (open) or hold last (done, abandoned), and by state.",
            rows.GroupBy(static r => (r.Pipeline, Gate: r.IsDone || r.IsAbandoned ? r.CurrentGate : r.WaitingOn, State: State(r)))
                .Select(static g => MetricSample.Of(g.Sum(static r => r.Items), ("pipeline", g.Key.Pipeline), ("gate", g.Key.Gate ?? ""), ("state", g.Key.State))));
        yield return Gauge("closedloop_overdue_items", "Items with a limit that ran out, by pipeline and the gate that they wait for.",
            rows.GroupBy(static r => (r.Pipeline, r.WaitingOn)).Select(static g => MetricSample.Of(g.Sum(static r => r.Overdue), ("pipeline", g.Key.Pipeline), ("gate", g.Key.WaitingOn ?? ""))));
        yield return Gauge("cicd_pipeline_run_active", "Items on their way, by pipeline.",
            rows.Where(static r => !r.IsDone && !r.IsAbandoned).GroupBy(static r => r.Pipeline, StringComparer.Ordinal).Select(static g => MetricSample.Of(g.Sum(static r => r.Items), ("cicd_pipeline_name", g.Key), ("cicd_pipeline_run_state", "executing"))));
        var now = time.GetUtcNow();
        yield return Gauge("closedloop_oldest_wait_seconds", "How long the item has waited that waits longest, by pipeline and the gate that it waits for.",
            rows.Where(static r => r is { WaitingOn: not null, OldestSince: not null }).GroupBy(static r => (r.Pipeline, r.WaitingOn))
                .Select(g => MetricSample.Of(Math.Max(0, (now - g.Min(static r => r.OldestSince)!.Value).TotalSeconds), ("pipeline", g.Key.Pipeline), ("gate", g.Key.WaitingOn!))));
    }

    // vcs.change.count: promtool refuses a gauge that ends in _count.
    private static MetricFamily Changes(BoardFacets facets) => Gauge("vcs_changes", "Open items by repository, of the 500 repositories with the most.",
        facets.Repositories.Select(static r => MetricSample.Of(r.Items, ("vcs_repository_name", r.Name), ("vcs_change_state", "open"))));

    private IEnumerable<MetricFamily> Sources()
    {
        var sources = queries.Sources;
        yield return Gauge("closedloop_source_blind", "1 while a source that is polled does not answer; no sample while it was not asked since the start.",
            sources.Where(static s => s.BlindSince is not null || s.ReachedAt is not null).Select(static s => MetricSample.Of(s.BlindSince is null ? 0 : 1, ("source", s.Source))));
        yield return Gauge("closedloop_source_reached_timestamp_seconds", "When a source last answered, in seconds since 1970.",
            sources.Where(static s => s.ReachedAt is not null).Select(static s => MetricSample.Of(Unix(s.ReachedAt!.Value), ("source", s.Source))));
        yield return Gauge("closedloop_record_read_timestamp_seconds", "When the record was read for these gauges, in seconds since 1970.", [MetricSample.Of(Unix(time.GetUtcNow()))]);
    }

    private async ValueTask<IReadOnlyList<MetricFamily>> IncidentsAsync(CancellationToken cancellationToken)
    {
        if (incidents is null) return [];
        var open = await incidents.ListAsync(true, cancellationToken).ConfigureAwait(false);
        var states = Enum.GetValues<IncidentState>().Where(static s => s != IncidentState.Resolved);
        // Zeroes as well: an alert on a metric that only appears with the first incident cannot see the step from nothing.
        return
        [
            Gauge("closedloop_incidents", "Incidents that are not resolved, by severity and state.",
                Enum.GetValues<IncidentSeverity>().SelectMany(severity => states.Select(state =>
                    MetricSample.Of(open.Count(i => i.Severity == severity && i.State == state), ("severity", Names.Of(severity)), ("state", Names.Of(state)))))),
        ];
    }

    private static string State(BoardRow row) => row.IsAbandoned ? "abandoned" : row.IsDone ? "done" : "open";

    private static double Unix(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1_000d;

    private static MetricFamily Gauge(string name, string help, IEnumerable<MetricSample> samples) => new(name, "gauge", help, [.. samples]);
}
