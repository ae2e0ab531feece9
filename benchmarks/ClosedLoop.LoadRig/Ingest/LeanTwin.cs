using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Intake;
using ClosedLoop.LoadRig.Sqlite;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>
/// The least that could be called a durable record of the same deliveries: an ordered 16-byte key against duplicates and one short row of the
/// item, brought up to date. It knows no links, no order of facts, no log, and no state but a mask.
/// </summary>
internal static class LeanTwin
{
    private const string Schema = """
        CREATE TABLE signals (key BLOB PRIMARY KEY, item INTEGER NOT NULL, gate INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE items (id INTEGER PRIMARY KEY, gates INTEGER NOT NULL, state INTEGER NOT NULL, deadline INTEGER NOT NULL);
        CREATE INDEX items_by_deadline ON items (deadline) WHERE state = 0;
        """;

    private const string AddSignal = "INSERT INTO signals (key, item, gate) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    private const string PutItem = "INSERT INTO items (id, gates, state, deadline) VALUES (?1, ?2, 0, ?3) ON CONFLICT (id) DO UPDATE SET gates = gates | excluded.gates, deadline = excluded.deadline";

    public static double Run(string path, IReadOnlyList<Submission> signals, int perCommit)
    {
        using var twin = new RowTwin(path);
        twin.Run(Schema);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var commits = signals.Chunk(perCommit).Select(chunk => (IReadOnlyList<TwinRow>)[.. chunk.SelectMany(s => Rows(s, seen.Add(s.DeliveryId!)))]).ToList();
        return twin.Write(commits);
    }

    private static IEnumerable<TwinRow> Rows(Submission signal, bool isNew)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(signal.DeliveryId!)), key = StoreRows.Key(signal.ReceivedAt, digest);
        long item = BinaryPrimitives.ReadUInt32BigEndian(key);
        yield return new TwinRow(AddSignal, TwinValue.Blob(key), item, digest[0] % 7L);
        if (isNew) yield return new TwinRow(PutItem, item / 600, 1L << (digest[0] % 7), signal.ReceivedAt.UtcTicks);
    }
}
