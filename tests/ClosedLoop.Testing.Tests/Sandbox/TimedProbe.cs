using ClosedLoop.Adapters;
namespace ClosedLoop.Testing.Tests.Sandbox;
internal sealed class TimedProbe(IProbe real) : IProbe
{
    public static readonly Dictionary<string, (TimeSpan, int Calls, int Keys, int Facts, int Nodes, int Sweeps)> All = [];
    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        var t = System.Diagnostics.Stopwatch.GetTimestamp();
        var r = await real.ProbeAsync(batch, cancellationToken);
        All.TryGetValue(batch.Source, out var x);
        All[batch.Source] = (x.Item1 + System.Diagnostics.Stopwatch.GetElapsedTime(t), x.Calls + 1, x.Keys + batch.Keys.Length, x.Facts + r.Facts.Length, x.Nodes + (r.History.IsDefault ? 0 : r.History.Length), x.Sweeps + (batch.SweepSince is null ? 0 : 1));
        return r;
    }
    public static AdapterRegistration Wrap(AdapterRegistration real) => new()
    {
        Name = real.Name, Writers = real.Writers, Gates = real.Gates, Authenticator = real.Authenticator, Translator = real.Translator, Probe = new TimedProbe(real.Probe!), ProbeSchemes = real.ProbeSchemes,
        ReadsLines = real.ReadsLines, PollInterval = real.PollInterval, HintDelay = real.HintDelay, MaxKeysPerProbe = real.MaxKeysPerProbe, MalformedStatusCode = real.MalformedStatusCode,
    };
}
