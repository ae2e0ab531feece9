using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;

namespace ClosedLoop.Samples.Tests.Docs;

internal sealed class ScannerTranslator : IWebhookTranslator
{
    public Translation Translate(in WebhookDelivery delivery)
    {
        using var json = JsonDocument.Parse(delivery.Body);
        var scan = json.RootElement;
        var fact = new Fact
        {
            Subject = Key.Create("scan", scan.GetProperty("id").GetString()!),
            Kind = "security-scan",
            Writer = new Writer(WriterRoles.Ci, "scanner"),
            Ordinal = new Ordinal(scan.GetProperty("run").GetInt64(), scan.GetProperty("attempt").GetInt64(), Rank: 2),
            OccurredAt = scan.GetProperty("finishedAt").GetDateTimeOffset(),
            Status = scan.GetProperty("verdict").GetString() switch { "clean" => GateStatus.Passed, "findings" => GateStatus.Failed, _ => GateStatus.Waiting },
            Links = [Key.Commit(scan.GetProperty("repository").GetString()!, scan.GetProperty("commit").GetString()!)],
        };
        return Translation.Of("scan.finished", [fact]);
    }
}
