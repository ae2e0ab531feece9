namespace ClosedLoop.Storage.Sqlite.Tests;

public sealed class SqliteLibraryTests
{
    [Theory]
    [InlineData(3_044_006)]
    [InlineData(3_050_007)]
    [InlineData(3_051_003)]
    [InlineData(3_053_004)]
    [InlineData(4_000_000)]
    public void A_build_that_keeps_its_commits_is_taken(int version) => SqliteLibrary.Require(version);

    [Theory]
    [InlineData(3_035_005, "3.35.5")]
    [InlineData(3_044_005, "3.44.5")]
    [InlineData(3_045_008, "3.45.8")]
    [InlineData(3_050_004, "3.50.4")]
    [InlineData(3_051_002, "3.51.2")]
    public void A_build_that_loses_a_commit_when_the_log_begins_anew_while_it_is_copied_is_refused(int version, string text)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => SqliteLibrary.Require(version));

        Assert.StartsWith($"SQLite {text} is loaded", refused.Message, StringComparison.Ordinal);
        Assert.Contains("SQLitePCLRaw.bundle_e_sqlite3", refused.Message, StringComparison.Ordinal);
    }
}
