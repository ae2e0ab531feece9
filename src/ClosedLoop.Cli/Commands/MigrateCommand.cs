using System.CommandLine;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Cli.Showing;
using ClosedLoop.Cli.Targets;
using ClosedLoop.Storage;
using ClosedLoop.Storage.Postgres;
using ClosedLoop.Storage.Sqlite;

namespace ClosedLoop.Cli.Commands;

/// <summary><c>closedloop migrate</c>: brings a store's tables up to date.</summary>
internal static class MigrateCommand
{
    private const string Description = """
        Brings a store's tables up to what this version reads and writes. A service does it by itself when it starts; this does it before.

        It only goes forward, in one transaction; what is up to date stays as it is. Stop older services first, and keep a copy.
        """;

    public static Command Create(CommandKit kit)
    {
        var create = new Option<bool>("--create") { Description = "Makes an empty record where there is none." };
        var command = new Command("migrate", Description) { create };
        return kit.Does(command, async (target, parsed, cancellationToken) =>
        {
            target.RequireStore("migrate");
            bool isCurrent = await IsCurrentAsync(kit, target, parsed.GetValue(create), cancellationToken).ConfigureAwait(false);
            if (!isCurrent)
            {
                var store = Open(target.Store!);
                await using (store.ConfigureAwait(false)) await store.Store.InitializeAsync(cancellationToken).ConfigureAwait(false);
            }
            await kit.Environment.Output.WriteLineAsync(Plain.Line($"{target}: {(isCurrent ? "the tables were up to date; nothing was changed." : "the tables are up to date now.")}", 500)).ConfigureAwait(false);
            return ExitCodes.Done;
        }, mayCreate: true);
    }

    private static async ValueTask<bool> IsCurrentAsync(CommandKit kit, Target target, bool create, CancellationToken cancellationToken)
    {
        if (!target.Store!.IsPostgres && !File.Exists(target.Store.Value))
            return create ? false : throw new CommandFailure($"There is no file {target.Store.Value}; add --create to make an empty record there.");
        try
        {
            await using var open = (await OpenStore.ForReadingAsync(target, kit.Environment, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            return true;
        }
        catch (StoreVersionException e) when (e.Message.Contains("older version", StringComparison.Ordinal))
        {
            return false;
        }
        // Somebody else's tables are refused by the store itself.
        catch (InvalidOperationException) when (create)
        {
            return false;
        }
        catch (InvalidOperationException e)
        {
            throw new CommandFailure($"{e.Message} To make an empty record there, add --create.", e);
        }
    }

    private static Opened Open(StoreAddress address) => new(address.IsPostgres
        ? new PostgresLoopStore(new PostgresOptions { ConnectionString = address.Value, PollOnly = true })
        : new SqliteLoopStore(new SqliteOptions { Path = address.Value }));

    // The two stores are disposed of in different ways.
    private sealed record Opened(ILoopStore Store) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            if (Store is IAsyncDisposable asynchronous) return asynchronous.DisposeAsync();
            (Store as IDisposable)?.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
