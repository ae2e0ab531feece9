using ClosedLoop.Facts;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.Insights.Timelines;

/// <summary>Folds one item's log into its timeline. Pure; used once.</summary>
internal sealed class TimelineFold
{
    private readonly DateTimeOffset _openedAt;
    private readonly Track[] _tracks;
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<Visit> _visits = [];
    private readonly List<Turn> _turns = [];
    private DateTimeOffset? _doneAt;

    public TimelineFold(Transition opened, PipelineDefinition pipeline)
    {
        _openedAt = opened.OccurredAt ?? opened.RecordedAt;
        _tracks = [.. pipeline.Gates.Select(g => new Track(g.Name, pipeline.Done.Gates.Contains(g.Name)))];
        for (int i = 0; i < _tracks.Length; i++) _index[_tracks[i].Gate] = i;
        _turns.Add(new Turn(_openedAt, TurnKind.Opened));
    }

    public ItemTimeline Fold(List<Transition> life)
    {
        var changes = new List<(DateTimeOffset At, int Order, Transition Change)>(life.Count);
        var last = new DateTimeOffset[_tracks.Length];
        foreach (var change in life)
        {
            if (change.Kind == TransitionKind.Gate && change.Gate is { } gate && _index.TryGetValue(gate, out int g))
            {
                var at = change.OccurredAt ?? change.RecordedAt;
                if (at < last[g]) at = last[g];
                last[g] = at;
                changes.Add((at, changes.Count, change));
            }
            else if (Opening(change) is { } kind)
            {
                Take(kind, change.OccurredAt, At(change, life));
            }
        }
        changes.Sort(static (a, b) => a.At == b.At ? a.Order.CompareTo(b.Order) : a.At.CompareTo(b.At));
        Walk(changes);
        var merged = _index.TryGetValue(Gates.Merged, out int m) ? _tracks[m] : null;
        return new ItemTimeline
        {
            OpenedAt = _openedAt,
            Visits = _visits,
            Turns = _turns,
            PullRequestOpenedAt = _index.TryGetValue(Gates.PrOpened, out int p) ? _tracks[p].FirstPassed : null,
            MergedAt = merged?.FirstPassed,
            MergedSince = merged is { IsPassed: true } ? merged.Since : null,
            DoneAt = _doneAt,
        };
    }

    private static TransitionKind? Opening(Transition change) =>
        change.Kind is TransitionKind.Completed or TransitionKind.Reopened or TransitionKind.Abandoned or TransitionKind.Resumed ? change.Kind : null;

    // The log says when a completion happened, and for what undid it only which gate: that gate's change of the same commit says when.
    private static DateTimeOffset At(Transition change, List<Transition> life) =>
        change.OccurredAt ?? (change is { Kind: TransitionKind.Reopened, Gate: { } gate } && life.Find(t => t.Kind == TransitionKind.Gate && t.Gate == gate && t.RecordedAt == change.RecordedAt) is { OccurredAt: { } lost } ? lost : change.RecordedAt);

    private void Take(TransitionKind kind, DateTimeOffset? said, DateTimeOffset at)
    {
        if (at < _turns[^1].At) at = _turns[^1].At;
        var now = _turns[^1];
        switch (kind)
        {
            case TransitionKind.Completed when now.Kind is not (TurnKind.Done or TurnKind.DoneAgain):
                if (now.Kind == TurnKind.Abandoned) _turns.Add(new Turn(at, TurnKind.Resumed));
                _turns.Add(new Turn(at, _doneAt is null ? TurnKind.Done : TurnKind.DoneAgain));
                _doneAt ??= said ?? at;
                break;
            case TransitionKind.Reopened when now.Kind is TurnKind.Done or TurnKind.DoneAgain:
                _turns.Add(new Turn(at, TurnKind.Reopened));
                break;
            case TransitionKind.Abandoned when now.Kind != TurnKind.Abandoned:
                if (!now.Opens) _turns.Add(new Turn(at, TurnKind.Reopened));
                _turns.Add(new Turn(at, TurnKind.Abandoned));
                break;
            case TransitionKind.Resumed when now.Kind == TurnKind.Abandoned:
                _turns.Add(new Turn(at, TurnKind.Resumed));
                break;
            default:
                // The record says again what is so already.
                break;
        }
    }

    private void Walk(List<(DateTimeOffset At, int Order, Transition Change)> changes)
    {
        int change = 0, turn = 0;
        bool isOpen = false, isAbandoned = false;
        while (change < changes.Count || turn < _turns.Count)
        {
            var at = turn >= _turns.Count || (change < changes.Count && changes[change].At < _turns[turn].At) ? changes[change].At : _turns[turn].At;
            for (; change < changes.Count && changes[change].At == at; change++) _tracks[_index[changes[change].Change.Gate!]].Set(changes[change].Change, at);
            for (; turn < _turns.Count && _turns[turn].At == at; turn++) (isOpen, isAbandoned) = (_turns[turn].Opens, _turns[turn].Kind == TurnKind.Abandoned);
            if (at >= _openedAt) Place(at, isOpen, isAbandoned);
        }
    }

    private void Place(DateTimeOffset at, bool isOpen, bool isAbandoned)
    {
        int place = isAbandoned ? -1 : Array.FindIndex(_tracks, t => !t.Holds && (t.IsNeeded || !IsOvertaken(t)));
        string? gate = place < 0 ? null : _tracks[place].Gate;
        bool stays = isOpen || place >= 0;
        var here = _visits.Count > 0 && _visits[^1] is { To: null } last ? last : null;
        if (here is not null && stays && here.Gate == gate && here.IsOpen == isOpen) return;
        if (here is not null)
        {
            _visits[^1] = here with { To = at, End = End(here, place, isAbandoned) };
            if (here.Gate is { } left && _tracks[_index[left]] is { IsPassed: true } track) track.IsCounted = true;
        }
        // What held already when its turn came took no time.
        for (int i = 0; !isAbandoned && i < (place < 0 ? _tracks.Length : place); i++)
        {
            if (_tracks[i] is not { IsPassed: true, IsCounted: false } ahead) continue;
            ahead.IsCounted = true;
            _visits.Add(new Visit(ahead.Gate, isOpen, at, at, VisitEnd.Passed));
        }
        if (stays) _visits.Add(new Visit(gate, isOpen, at, null, VisitEnd.None));
    }

    private VisitEnd End(Visit visit, int place, bool isAbandoned)
    {
        if (visit.Gate is not { } gate) return VisitEnd.Closed;
        var track = _tracks[_index[gate]];
        if (track.IsPassed) return VisitEnd.Passed;
        if (track.Holds) return VisitEnd.NotApplicable;
        if (isAbandoned) return VisitEnd.Closed;
        int index = _index[gate];
        return place == index || (place < 0 && !IsOvertaken(track)) ? VisitEnd.Closed : place >= 0 && place < index ? VisitEnd.WentBack : VisitEnd.PassedOver;
    }

    private bool IsOvertaken(Track track)
    {
        for (int i = _index[track.Gate] + 1; i < _tracks.Length; i++)
            if (_tracks[i].IsPassed)
                return true;
        return false;
    }

    /// <summary>One gate's status as the walk goes on.</summary>
    private sealed class Track(string gate, bool isNeeded)
    {
        public string Gate { get; } = gate;

        public bool IsNeeded { get; } = isNeeded;

        public bool Holds { get; private set; }

        public bool IsPassed { get; private set; }

        public DateTimeOffset? Since { get; private set; }

        public DateTimeOffset? FirstPassed { get; private set; }

        /// <summary>Whether the time it took to this pass is told.</summary>
        public bool IsCounted { get; set; }

        public void Set(Transition change, DateTimeOffset at)
        {
            bool passes = change.To == GateStatus.Passed && change.Reason != Reason.Migrated;
            if (passes && !IsPassed) (Since, FirstPassed) = (at, FirstPassed ?? at);
            if (!passes) IsCounted = false;
            IsPassed = passes;
            Holds = change.To is GateStatus.Passed or GateStatus.NotApplicable;
        }
    }
}
