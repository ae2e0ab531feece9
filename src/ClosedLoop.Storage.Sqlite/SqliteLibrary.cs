using System.Globalization;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>
/// Which builds of SQLite keep what they have acknowledged. Up to 3.51.2 a commit that begins the log (WAL) anew, while another connection
/// copies a log that was copied already, can be lost (sqlite.org/wal.html, "The WAL-Reset Bug"). The store itself never copies it twice, but a
/// backup or replication tool beside it may.
/// </summary>
internal static class SqliteLibrary
{
    // Major * 1,000,000 + minor * 1,000 + patch.
    private const int Mended = 3_051_003;

    /// <exception cref="InvalidOperationException">The application brings a build that may lose commits.</exception>
    public static void Require(int version)
    {
        if (IsSound(version)) return;
        throw new InvalidOperationException(
            $"SQLite {Text(version)} is loaded, which can lose what it has committed when its log is copied by another connection; {Text(Mended)} or newer is needed. "
            + "Some package of the application brings the older one: reference SQLitePCLRaw.bundle_e_sqlite3 3.0.5 or newer.");
    }

    // Two older lines were mended too.
    private static bool IsSound(int version) => version >= Mended || (version / 1_000, version % 1_000) is (3_050, >= 7) or (3_044, >= 6);

    private static string Text(int version) => string.Create(CultureInfo.InvariantCulture, $"{version / 1_000_000}.{version / 1_000 % 1_000}.{version % 1_000}");
}
