using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>The least that a record in memory costs: known deliveries in a set, the JSON of each new fact in a dictionary, one thread.</summary>
internal static class MemoryTwin
{
    public const string Description = "known deliveries in a HashSet, each new fact's JSON in a Dictionary by register, one thread";

    public static double Run(IReadOnlyList<Submission> signals)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var record = new Dictionary<RegisterId, string>();
        long start = Clock.Start();
        foreach (var signal in signals)
        {
            if (!known.Add(signal.DeliveryId!)) continue;
            foreach (var fact in signal.Facts) record[fact.Register] = StoredJson.Write(fact);
        }
        return Clock.Seconds(start);
    }
}
