using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Health;

/// <summary>
/// The newest looks of one check at one version, and what was told of them. A new version begins anew: what was good of another one says nothing of it. Safe
/// from several threads.
/// </summary>
internal sealed class CheckWindow(CheckSettings settings, TimeSpan pollInterval, TimeSpan steadyInterval)
{
    private readonly Lock _lock = new();
    private readonly Queue<bool> _looks = new();
    private string? _version;
    private int _badInARow;

    // What a process before this one saw of the first version is not known.
    private bool _mayHavePassed = true;

    private (GateStatus Status, Reason Reason, string? Version)? _state;
    private DateTimeOffset _since, _told;

    /// <summary>Takes a look in and says what it comes to, or null when that was told lately.</summary>
    public CheckVerdict? Add(CheckLook look, DateTimeOffset at)
    {
        lock (_lock)
        {
            var verdict = Judge(look);
            var state = (verdict.Status, verdict.Reason, look.Version?.Revision);
            if (_state != state) (_state, _since) = (state, at);
            else if (at - _told < Repeat(at - _since)) return null;
            _told = at;
            return verdict;
        }
    }

    private CheckVerdict Judge(CheckLook look)
    {
        if (look.Version is { } version && version.Revision != _version)
        {
            _mayHavePassed = _version is null;
            _version = version.Revision;
            _badInARow = 0;
            _looks.Clear();
        }
        if (look.IsGood is not { } good) return new CheckVerdict(GateStatus.Waiting, look.Reason, look.Detail);
        // Of an answer without a version nobody can say which one it is of: a bad one may be of this one, a good one need not be.
        if (!good || look.Version is not null)
        {
            _looks.Enqueue(good);
            if (_looks.Count > settings.Of) _looks.Dequeue();
        }
        if (look.Version is not null) _badInARow = good ? 0 : _badInARow + 1;

        if (look.Version is null) return good ? new CheckVerdict(GateStatus.Waiting, Reason.Inconclusive, $"{look.Detail}, but {look.VersionProblem}") : new CheckVerdict(GateStatus.Failed, Reason.None, look.Detail);
        int successes = _looks.Count(static l => l);
        if (successes >= settings.Successes)
        {
            _mayHavePassed = true;
            return new CheckVerdict(GateStatus.Passed, Reason.None, settings.Of == 1 ? look.Detail : $"{look.Detail}; {successes} of the last {_looks.Count} looks are good");
        }
        if (_looks.Count - successes <= settings.Of - settings.Successes)
            return new CheckVerdict(GateStatus.Running, Reason.None, $"{look.Detail}; {successes} of {settings.Successes} good looks");
        bool regressed = _mayHavePassed && settings.RegressedAfter > 0 && _badInARow >= settings.RegressedAfter;
        return new CheckVerdict(GateStatus.Failed, regressed ? Reason.Regressed : Reason.None, regressed ? $"{look.Detail}, {settings.RegressedAfter} looks or more in a row" : look.Detail);
    }

    // A rollout is reported later than its version is seen, by as long as it took: what counts only after it must come again soon enough.
    private TimeSpan Repeat(TimeSpan age) => TimeSpan.FromTicks(Math.Clamp(age.Ticks / 10, 0, Math.Max(steadyInterval.Ticks, pollInterval.Ticks)));
}
