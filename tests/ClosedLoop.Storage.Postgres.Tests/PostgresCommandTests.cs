using System.Diagnostics;
using System.Text.Json;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ClosedLoop.Storage.Postgres.Tests;

/// <summary>The command <c>closedloop</c> on a database that a service has open.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresCommandTests(PostgresServer server)
{
    [Fact]
    public async Task The_command_reads_a_record_beside_its_service_writes_into_it_and_brings_an_older_one_up_to_date()
    {
        await using var database = await Database.CreateAsync(server);
        await using (var services = new ServiceCollection().AddLogging().AddClosedLoop(loop => loop.UsePostgres(database.ConnectionString)).BuildServiceProvider())
        {
            var loop = services.GetRequiredService<IClosedLoop>();
            await loop.OpenAsync(new WorkItem("BL-1") { Title = "Fix login" });
            await loop.As(Writer.Agent("builder-7")).RecordAsync("BL-1", Gates.PrOpened, Evidence.At(new Uri("https://scm.example/acme/web/pull/12")), Key.PullRequest("acme/web", 12));

            var why = await RunAsync(database, "why", "BL-1", "--json");
            Assert.True(why.Code == 3, why.Output + why.Error);
            Assert.Equal(Gates.Reviewed, JsonDocument.Parse(why.Output).RootElement.GetProperty("gate").GetString());
            Assert.Equal(0, (await RunAsync(database, "status")).Code);
            Assert.Contains("BL-1", (await RunAsync(database, "export", "items")).Output, StringComparison.Ordinal);
            Assert.Equal(0, (await RunAsync(database, "verify")).Code);

            var waived = await RunAsync(database, "waive", "BL-1", Gates.Reviewed, "--by", "ann", "--reason", "pair of two");
            Assert.True(waived.Code == 0, waived.Output + waived.Error);
            var gate = (await loop.GetStatusAsync("BL-1"))!.State.Gate(Gates.Reviewed)!;
            Assert.Equal((GateStatus.NotApplicable, Reason.Waived, Writer.Person("ann")), (gate.Status, gate.Reason, gate.Writer));
        }

        await database.ExecuteAsync(OlderSchema.BackToTwo);
        var older = await RunAsync(database, "status");
        Assert.Equal(1, older.Code);
        Assert.Contains("closedloop migrate", older.Error, StringComparison.Ordinal);
        Assert.Equal(2, (int)await database.ScalarAsync<long>("SELECT value FROM meta WHERE name = 'schema'"));
        var migrated = await RunAsync(database, "migrate");
        Assert.True(migrated.Code == 0, migrated.Output + migrated.Error);
        Assert.Equal(3, (await RunAsync(database, "why", "BL-1")).Code);
    }

    [Fact]
    public async Task A_database_without_a_record_is_refused_and_left_as_it_is()
    {
        await using var database = await Database.CreateAsync(server);
        var answer = await RunAsync(database, "status");
        Assert.Equal(1, answer.Code);
        Assert.Contains("no record", answer.Error, StringComparison.Ordinal);
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(Database database, params string[] line)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "ClosedLoop.Cli", configuration, "ClosedLoop.Cli.dll"));
        Assert.True(File.Exists(program), $"{program} is not there; build the solution.");
        var place = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        string? password = place.Password;
        place.Remove("Password");
        var start = new ProcessStartInfo("dotnet", [program, .. line, "--store", "postgres:" + place.ConnectionString]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (password is not null) start.Environment["PGPASSWORD"] = password;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
