using ClosedLoop.Testing.Sandbox;
using Xunit.Abstractions;
namespace ClosedLoop.Testing.Tests.Sandbox;
public sealed class ScratchTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Look()
    {
        int from = int.Parse(Environment.GetEnvironmentVariable("SEED") ?? "1"), n = int.Parse(Environment.GetEnvironmentVariable("N") ?? "3");
        for (int seed = from; seed < from + n; seed++)
        {
            using var w = new DrivenSystem(new SandboxOptions { Seed = seed, GenerateFor = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("FOR") ?? "45")) });
            var trace = new List<string>();
            w.Trace = trace.Add;
            var sw = System.Diagnostics.Stopwatch.StartNew();
            await w.PlayAsync(TimeSpan.FromSeconds(10));
            var r = await w.CompareAsync();
            output.WriteLine($"{seed}: {w.World.World.Count()} in {sw.ElapsedMilliseconds} ms: {w.Delivers} deliveries {w.Deliver}, {w.Dues} dues {w.Due}");
            foreach (var (n2, x) in TimedProbe.All) output.WriteLine($"   probe {n2} {x}");
            output.WriteLine($"   {r}");
            if (Environment.GetEnvironmentVariable("FROM") is { } f) foreach (var d in trace.Where(t => string.CompareOrdinal(t, f) >= 0 && string.CompareOrdinal(t, Environment.GetEnvironmentVariable("TO")) <= 0)) output.WriteLine(d);
            foreach (var d in r.Overclaims) { output.WriteLine("   " + d); string id = d.Split(' ')[0];
              foreach (var c in w.World.Truth.Changes.Where(c => c.ItemId == id)) output.WriteLine($"      T {c.At:HH:mm:ss.fff} {c.Gate} {c.Status}");
              foreach (var t in (await w.Store.ReadTransitionsAsync(new Storage.TransitionQuery { ItemId = id, Limit = 1000 }, default))) output.WriteLine($"      R {t.RecordedAt:HH:mm:ss.fff} {t.Gate} {t.From}->{t.To} {t.Reason} {t.OccurredAt:HH:mm:ss.fff} {t.Subject} {t.Detail}");
            }
            foreach (var d in r.Differences) output.WriteLine("   " + d);
        }
    }
}
