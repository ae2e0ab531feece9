using ClosedLoop.Alerting.Causes;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Storage;

namespace ClosedLoop.Alerting.HandOffs;

/// <summary>Brings offers to an agent, on the same way as notices go to sinks: in order, again after a failure, not again after a crash.</summary>
internal sealed class HandOffSink(HandOffRule rule, IAgentHandOff agent, Lazy<IClosedLoop> loop, ILoopStore store, Lazy<IIncidents> incidents) : IIncidentSink
{
    private const int MaxHistory = 50;
    private const int MaxNote = 2_000;

    public string Name => NameOf(rule.Name);

    public static string NameOf(string handOff) => "handoff-" + handOff;

    public async ValueTask<string?> DeliverAsync(IncidentNotice notice, string? handle, CancellationToken cancellationToken)
    {
        // That a person took it is no new offer; when it ends, the agent hears so.
        if (notice.Kind is not (IncidentNoticeKind.Fired or IncidentNoticeKind.Resolved)) return null;
        var status = notice.OldestItemId is { } id ? await loop.Value.GetStatusAsync(id, cancellationToken).ConfigureAwait(false) : null;
        var offer = new HandOffOffer
        {
            Incident = notice,
            Until = notice.Kind == IncidentNoticeKind.Resolved ? null : notice.At + rule.Within,
            Item = status,
            History = status is null ? [] : await HistoryAsync(status.State.Id, cancellationToken).ConfigureAwait(false),
            Diagnosis = notice.NextAction + (status is null ? "" : $" The item that waits longest: {status.Why}"),
        };
        var reply = await agent.OfferAsync(offer, cancellationToken).ConfigureAwait(false);
        if (reply.Answer is { } answer && !offer.IsOver)
            await incidents.Value.AnswerHandOffAsync(notice.IncidentId, answer, reply.Note?.Length > MaxNote ? CauseText.Cut(reply.Note) : reply.Note, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<IReadOnlyList<Transition>> HistoryAsync(string id, CancellationToken cancellationToken) =>
        [.. (await store.ReadTransitionsAsync(new TransitionQuery { ItemId = id, NewestFirst = true, Limit = MaxHistory }, cancellationToken).ConfigureAwait(false)).Reverse()];
}
