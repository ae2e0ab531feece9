using System.CommandLine;
using System.Globalization;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Cli.Showing;
using ClosedLoop.Migration;

namespace ClosedLoop.Cli.Commands;

/// <summary><c>closedloop backfill --git PATH</c>: merges of the past from a clone's own history.</summary>
internal static class BackfillCommand
{
    private const int ChunkItems = 1_000;

    private const string Description = """
        Reads a git clone's merge history into a store: one item for each pull request or commit that landed, flagged as recovered, so that metrics can leave it out; none of it ever alerts.

        The clone is only read. Doing it again adds only what is new. A store that is not there is made.
        """;

    public static Command Create(CommandKit kit)
    {
        var git = new Option<DirectoryInfo>("--git") { Description = "A folder in a clone, or a bare clone.", Required = true, HelpName = "PATH" };
        var since = Durations.Option("--since", "Only landings of this last time.");
        var branch = new Option<string?>("--branch") { Description = "The branch to read; without it the remote's default branch.", HelpName = "NAME" };
        var repository = new Option<string?>("--repository") { Description = "The repository's name, owner/name; without it the one of the remote origin.", HelpName = "NAME" };
        var json = CommandKit.JsonOption("Prints one JSON object and nothing else");
        var command = new Command("backfill", Description) { git, since, branch, repository, json };
        return kit.Does(command, async (target, parsed, cancellationToken) =>
        {
            target.RequireStore("backfill");
            var options = new GitHistoryOptions { Branch = parsed.GetValue(branch), Repository = parsed.GetValue(repository), Since = kit.Environment.Time.GetUtcNow() - parsed.GetValue(since) };
            // Before the store, which would be made for nothing.
            var history = await GitHistoryReader.ReadAsync(parsed.GetRequiredValue(git).FullName, options, null, cancellationToken).ConfigureAwait(false);
            var open = await OpenStore.ForWritingAsync(target, kit.Environment, mayCreate: true, cancellationToken).ConfigureAwait(false);
            await using (open.ConfigureAwait(false))
            {
                var migration = open.Get<ILoopMigration>();
                int items = 0, fresh = 0;
                foreach (var chunk in GitBackfill.Items(history).Chunk(ChunkItems))
                {
                    fresh += await migration.RecoverAsync(chunk.SelectMany(static i => i.Facts), cancellationToken).ConfigureAwait(false);
                    items += chunk.Length;
                }
                var result = new BackfillBody(history.Repository, history.Branch, history.Landings.Count, items, fresh);
                if (parsed.GetValue(json)) kit.WriteJson(result, CliJson.Default.BackfillBody);
                else await kit.Environment.Output.WriteLineAsync(Plain.Line(string.Create(CultureInfo.InvariantCulture, $"{result.Repository}{(result.Branch is null ? "" : $" {result.Branch}")}: {result.Landings:N0} landings of {result.Items:N0} items; {(fresh == 0 ? "all of it was known already." : $"{fresh:N0} new facts.")}"), 500)).ConfigureAwait(false);
            }
            return ExitCodes.Done;
        }, mayCreate: true);
    }
}
