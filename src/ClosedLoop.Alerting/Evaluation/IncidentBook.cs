using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Hosting;
using ClosedLoop.Storage;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting.Evaluation;

/// <summary>What people read and decide of incidents, straight from and to the store: the evaluation sees it by the documents' versions.</summary>
internal sealed class IncidentBook(EngineStart start, ILoopStore store, TimeProvider time, IOptions<AlertingOptions> options) : IIncidents
{
    private const int MaxListed = 1_000;
    private const int MaxAttempts = 20;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromDays(7);

    public async ValueTask<IReadOnlyList<Incident>> ListAsync(bool openOnly = true, CancellationToken cancellationToken = default)
    {
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var found = new List<Incident>();
        await foreach (var document in store.DocumentsAsync(DocumentNames.Incidents, cancellationToken).ConfigureAwait(false))
            if (IncidentTable.Read(document) is { } incident && (incident.IsOpen || !openOnly)) found.Add(incident);
        return [.. found.OrderBy(static i => !i.IsOpen).ThenByDescending(static i => i.Severity).ThenBy(static i => i.Since).ThenBy(static i => i.Id, StringComparer.Ordinal).Take(MaxListed)];
    }

    public async ValueTask<Incident?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return (await ReadAsync(id, cancellationToken).ConfigureAwait(false)).Incident;
    }

    public ValueTask<IncidentDecision> AcknowledgeAsync(string id, string by, string? note = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        return DecideAsync(id, IncidentNoticeKind.Acknowledged, i => i.State is IncidentState.Firing or IncidentState.Silenced ? i with { State = IncidentState.Acknowledged, By = by, Note = note, SilencedUntil = null } : null, cancellationToken);
    }

    public ValueTask<IncidentDecision> SilenceAsync(string id, DateTimeOffset until, string by, string? note = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        var now = time.GetUtcNow();
        if (until <= now || until > now + LongestSilence) throw new ArgumentException($"Silence until {until:O} is not within the next {LongestSilence.Days} days; choose an instant that is.", nameof(until));
        return DecideAsync(id, null, i => i.State != IncidentState.Closed ? i with { State = IncidentState.Silenced, SilencedUntil = until, By = by, Note = note } : null, cancellationToken);
    }

    public ValueTask<IncidentDecision> CloseAsync(string id, string by, string? note = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        return DecideAsync(id, IncidentNoticeKind.Resolved, i => i.State != IncidentState.Closed ? i with { State = IncidentState.Closed, EndedAt = time.GetUtcNow(), By = by, Note = note, SilencedUntil = null } : null, cancellationToken);
    }

    public ValueTask<IncidentDecision> AnswerHandOffAsync(string id, HandOffAnswer answer, string? note = null, CancellationToken cancellationToken = default) =>
        DecideAsync(id, null, i => i.HandOff is { } handed ? i with { HandOff = handed with { Answer = answer, Note = note } } : null, cancellationToken);

    private async ValueTask<IncidentDecision> DecideAsync(string id, IncidentNoticeKind? notice, Func<Incident, Incident?> decide, CancellationToken cancellationToken)
    {
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        for (int attempt = 1; ; attempt++)
        {
            var (incident, version) = await ReadAsync(id, cancellationToken).ConfigureAwait(false);
            if (incident is null) return new IncidentDecision(null, $"No incident has the id '{id}'.");
            if (!incident.IsOpen) return new IncidentDecision(incident, $"{id} is resolved since {incident.EndedAt:O}; there is nothing to decide.");
            if (decide(incident) is not { } decided) return new IncidentDecision(incident, $"{id} is {incident.State.ToString().ToLowerInvariant()}{(incident.By is null ? "" : $" by {incident.By}")}, and cannot be changed so.");
            var now = time.GetUtcNow();
            var outbox = new List<OutboxMessage>();
            // Whoever never heard of it needs not hear that somebody took it.
            var sinks = notice is null ? [] : NoticeWriter.SinksOf(decided, IncidentNoticeKind.Resolved, options.Value, []).ToList();
            if (notice is { } kind && sinks.Count > 0) decided = NoticeWriter.Send(decided, kind, sinks, options.Value, now, outbox);
            var commit = new StoreCommit { At = now, Documents = [new DocumentChange(DocumentNames.Incident(id), IncidentTable.Write(decided), version)], Outbox = outbox, Due = [AlertPass.Wake(now)] };
            if (await store.CommitAsync(commit, cancellationToken).ConfigureAwait(false) != CommitOutcome.Conflict) return new IncidentDecision(decided, null);
            if (attempt == MaxAttempts) throw new StoreUnavailableException($"The incident {id} changes all the time; try again.");
        }
    }

    private async ValueTask<(Incident? Incident, long Version)> ReadAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (id.Length is 0 or > 100 || id.AsSpan().ContainsAnyExceptInRange('!', '~')) return (null, 0);
        var stored = await store.DocumentAsync(DocumentNames.Incident(id), cancellationToken).ConfigureAwait(false);
        return stored is null ? (null, 0) : (IncidentTable.Read(stored), stored.Version);
    }
}
