using Microsoft.Extensions.Options;

namespace ClosedLoop.Deadlines;

/// <summary>The freezes and business hours of the options, as they are now. Options that turn wrong at run time change nothing.</summary>
internal sealed class OptionsCalendar : ILimitCalendar, IDisposable
{
    private readonly IDisposable? _changes;
    private volatile ClockRule[] _rules;

    public OptionsCalendar(IOptionsMonitor<LimitOptions> options)
    {
        _rules = [.. options.CurrentValue.Rules];
        _changes = options.OnChange(changed => _rules = [.. changed.Rules]);
    }

    public IEnumerable<ClockPause> PausesOf(RunningLimit limit) => PausableClock.InOrder(_rules.Where(r => r.AppliesTo(limit)).Select(r => r.PausesFrom(limit.From)));

    public void Dispose() => _changes?.Dispose();
}
