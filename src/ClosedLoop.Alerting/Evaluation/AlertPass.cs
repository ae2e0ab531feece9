using ClosedLoop.Alerting.Causes;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.HandOffs;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Watchdog;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Storage;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting.Evaluation;

/// <summary>
/// One evaluation of all causes: reads what changed since the last one, and lets every incident take a step. Its cost grows with what is held up
/// and with what changed, not with what is open. One node at a time does it, by a due row; what it decides is stored in one transaction, and a
/// node that finds it overtaken begins again from the store.
/// </summary>
internal sealed class AlertPass(
    EngineStart start, ILoopStore store, HoldupReader holdups, CauseWatch watch, IEnumerable<IIncidentSink> sinks, IEnumerable<HandOffRule> handOffs, PulseTaker pulses, TimeProvider time, IOptions<AlertingOptions> options) : IClockWork
{
    /// <summary>The row that says when the next evaluation is due.</summary>
    public static readonly Key Subject = Key.Create("source", "alerting");

    public const string Kind = "alerts";

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    private readonly AlertingOptions _options = options.Value;
    private readonly string[] _sinks = [.. sinks.Where(static s => s is not HandOffSink).Select(static s => s.Name)];
    private readonly HandOffRule[] _handOffs = [.. handOffs];
    private readonly IncidentTable _incidents = new();
    private readonly DueTurn _turn = new(start, store, Subject, Kind);
    private bool _isLoaded;
    private long _stateVersion;
    private IReadOnlySet<string> _unseen = new HashSet<string>();

    public string Name => "alerts";

    /// <summary>Makes an evaluation due at once.</summary>
    public static DueChange Wake(DateTimeOffset at) => new() { Subject = Subject, Kind = Kind, DueAt = at, Mode = DueMode.BringForward };

    public async ValueTask<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await _turn.TakeAsync(now, Lease, cancellationToken).ConfigureAwait(false) is not { } claim) return false;
        var unseen = holdups.Unseen(now);
        // What a source showed again, or shows no more, changed without an entry in the log.
        bool isLoaded = _isLoaded;
        // Whatever breaks off before the end leaves memory ahead of the store.
        _isLoaded = false;
        if (!isLoaded || !unseen.SetEquals(_unseen) || await IsOvertakenAsync(cancellationToken).ConfigureAwait(false)) await LoadAsync(now, cancellationToken).ConfigureAwait(false);
        _unseen = unseen;
        bool more = await holdups.FollowAsync(now, cancellationToken).ConfigureAwait(false);
        if (!await DecideAsync(claim, more, now, cancellationToken).ConfigureAwait(false))
        {
            // Somebody acknowledged an incident, or another node took over: what was read is not so any more.
            await store.CommitAsync(new StoreCommit { At = now, Due = [_turn.Next(claim, now + Soon)] }, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _isLoaded = true;
            pulses.Round(now, holdups.ReadUntil);
        }
        return true;
    }

    private async ValueTask<bool> IsOvertakenAsync(CancellationToken cancellationToken)
    {
        var stored = await store.DocumentAsync(DocumentNames.State, cancellationToken).ConfigureAwait(false);
        return (stored?.Version ?? 0) != _stateVersion;
    }

    private async ValueTask LoadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var stored = await store.DocumentAsync(DocumentNames.State, cancellationToken).ConfigureAwait(false);
        _stateVersion = stored?.Version ?? 0;
        await _incidents.LoadAsync(store, cancellationToken).ConfigureAwait(false);
        await holdups.LoadAsync(stored, now, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> DecideAsync(DueClaim claim, bool more, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var outbox = new List<OutboxMessage>();
        var next = now + (more ? Soon : _options.LookInterval);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in holdups.Table.Groups)
        {
            if (group.FiresAt(_options.RedLineAfter) is not { } firesAt) continue;
            if (firesAt > now) Sooner(firesAt);
            else See(group.See(now));
        }
        foreach (var view in await watch.SeeAsync(holdups, now, cancellationToken).ConfigureAwait(false)) See(view);
        if (watch.NextAt(now) is { } watched) Sooner(watched);
        // What is still to be read may say that a cause holds after all; and a gate that cannot be seen says nothing at all.
        if (!more)
            foreach (var incident in _incidents.Open.Where(i => !seen.Contains(i.Cause) && (i.Gate is null || !_unseen.Contains(i.Gate))).ToList())
                Take(IncidentFold.Gone(incident, _options, now));

        bool isStateWorthWriting = holdups.Remember();
        var changes = _incidents.Changes().ToList();
        // Written when it changes anything, and when it does not, often enough that a restart has little to read again.
        bool writesState = isStateWorthWriting || changes.Count > 0 || _stateVersion == 0;
        if (writesState) changes.Add(new DocumentChange(DocumentNames.State, holdups.State(), _stateVersion));
        var commit = new StoreCommit { At = now, Due = [_turn.Next(claim, next)], Documents = changes, Outbox = outbox };
        if (await store.CommitAsync(commit, cancellationToken).ConfigureAwait(false) == CommitOutcome.Conflict) return false;
        _incidents.Stored();
        if (writesState)
        {
            _stateVersion++;
            holdups.StateWritten();
        }
        return true;

        void See(CauseView view)
        {
            seen.Add(view.Cause.Key);
            var known = _incidents.Find(view.Cause.Key);
            var handOff = Array.Find(_handOffs, rule => rule.Matches(view.Cause));
            var step = IncidentFold.Seen(known, view, handOff, _options, now);
            if (step.Incident.HandOff is { } handed && step.Incident.Episode != known?.Episode && handed.At == now)
                step = step with { Incident = NoticeWriter.Send(step.Incident, IncidentNoticeKind.Fired, [HandOffSink.NameOf(handed.Agent)], _options, now, outbox) };
            Take(step);
        }

        void Take(IncidentStep step)
        {
            var incident = step.Incident;
            if (step.Notice is { } kind) incident = NoticeWriter.Send(incident, kind, NoticeWriter.SinksOf(incident, kind, _options, _sinks), _options, now, outbox);
            _incidents.Put(incident);
            if (step.NextAt is { } at) Sooner(at);
        }

        void Sooner(DateTimeOffset at)
        {
            var least = now + Soon;
            if (at < least) at = least;
            if (at < next) next = at;
        }
    }
}
