using Npgsql;

namespace ClosedLoop.Storage.Postgres.Tests;

public sealed class PostgresOptionsTests
{
    private const string Good = "Host=127.0.0.1;Database=loop;Username=u";

    public static TheoryData<PostgresOptions, string> Wrong => new()
    {
        { new PostgresOptions(), "PostgresOptions.ConnectionString is not set" },
        { new PostgresOptions { ConnectionString = " " }, "PostgresOptions.ConnectionString is not set" },
        { new PostgresOptions { ConnectionString = "Hst=db" }, "expected a form such as Host=db.example" },
        { new PostgresOptions { ConnectionString = "Host=db;Port=abc" }, "expected a form such as Host=db.example" },
        { new PostgresOptions { ConnectionString = "Database=loop" }, "names no server" },
        { new PostgresOptions { ConnectionString = "Host=db" }, "names no database" },
        { new PostgresOptions { ConnectionString = Good + ";Multiplexing=true" }, "Multiplexing" },
        { new PostgresOptions { ConnectionString = Good + ";Maximum Pool Size=2" }, "Maximum Pool Size to 2; it must be 4 or more" },
        { new PostgresOptions { ConnectionString = Good, CommandTimeout = TimeSpan.Zero }, "PostgresOptions.CommandTimeout is 00:00:00; it must be 1 s to 10 min" },
        { new PostgresOptions { ConnectionString = Good, CommandTimeout = TimeSpan.FromHours(1) }, "PostgresOptions.CommandTimeout" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_option_is_refused_with_its_name_and_the_fix(PostgresOptions options, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => new PostgresLoopStore(options));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_string_that_cannot_be_read_is_not_repeated_for_it_may_hold_a_password()
    {
        var error = Assert.Throws<ArgumentException>(() => new PostgresLoopStore(new PostgresOptions { ConnectionString = "Host=db;Password=ab;hunter2=x" }));
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_are_as_documented()
    {
        var options = new PostgresOptions();
        Assert.False(options.PollOnly);
        Assert.Equal(TimeSpan.FromSeconds(30), options.CommandTimeout);
    }

    [Fact]
    public void Statements_are_prepared_unless_a_pooler_moves_them_between_sessions()
    {
        var own = new PostgresOptions { ConnectionString = Good + ";Enlist=true;Options=-c work_mem=8MB" }.Validate();
        Assert.True(own.MaxAutoPrepare > 0);
        Assert.False(own.Enlist);
        Assert.StartsWith("-c work_mem=8MB -c jit=off", own.Options, StringComparison.Ordinal);
        var pooled = new PostgresOptions { ConnectionString = Good, PollOnly = true }.Validate();
        Assert.Equal(0, pooled.MaxAutoPrepare);
        Assert.True(string.IsNullOrEmpty(pooled.Options));
    }
}
