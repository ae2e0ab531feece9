using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>The least that a record in memory costs: the JSON of each fact in a dictionary, one thread.</summary>
internal static class MemoryTwin
{
    public const string Description = "each fact's JSON in a Dictionary by register, one thread";

    public static double Run(IReadOnlyList<Fact> facts)
    {
        var record = new Dictionary<RegisterId, string>();
        long start = Clock.Start();
        foreach (var fact in facts) record[fact.Register] = StoredJson.Write(fact);
        double seconds = Clock.Seconds(start);
        ClaimFailedException.Unless(record.Count == facts.Count, $"the twin holds {record.Count} of {facts.Count} facts.");
        return seconds;
    }
}
