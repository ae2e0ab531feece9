using ClosedLoop.Storage;

namespace ClosedLoop.AspNetCore.Api;

/// <summary>What was kept aside and why. The raw bytes stay in the store: they may hold what not every writer may see.</summary>
internal sealed record QuarantineEntryBody(string Id, string Source, string Kind, string Detail, DateTimeOffset ReceivedAt, int Bytes)
{
    public static QuarantineEntryBody Of(QuarantineEntry entry) =>
        new(entry.Id, entry.Source, Names.Of(entry.Kind), entry.Detail, entry.ReceivedAt, entry.Body.Length);
}
