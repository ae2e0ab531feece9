using System.CommandLine;
using System.Globalization;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Rebuild;

namespace ClosedLoop.Cli.Commands;

/// <summary><c>closedloop rebuild</c>: computes the record again from its facts.</summary>
internal static class RebuildCommand
{
    private const string Description = """
        Computes every state again from the facts, in place. Of a sound record it changes nothing; 'closedloop verify' says beforehand what it would change.

        Stop every service that uses the store first. Facts and the transition log stay; an item that comes out differently gets a transition now.
        """;

    public static Command Create(CommandKit kit)
    {
        var yes = new Option<bool>("--yes") { Description = "Says that the services are stopped; without it nothing is done." };
        var json = CommandKit.JsonOption("Prints one JSON object and nothing else");
        var command = new Command("rebuild", Description) { yes, json };
        return kit.Does(command, async (target, parsed, cancellationToken) =>
        {
            target.RequireStore("rebuild");
            if (!parsed.GetValue(yes)) throw CommandFailure.Misuse("A rebuild needs the record for itself: stop every service that uses the store, then add --yes. 'closedloop verify' looks without changing anything.");
            var open = await OpenStore.ForWritingAsync(target, kit.Environment, mayCreate: false, cancellationToken).ConfigureAwait(false);
            await using (open.ConfigureAwait(false))
            {
                var report = await open.Get<ILoopRebuild>().RebuildAsync(cancellationToken).ConfigureAwait(false);
                if (parsed.GetValue(json)) kit.WriteJson(new RebuildBody(report.Facts, report.Items, report.ChangedItems), CliJson.Default.RebuildBody);
                else await kit.Environment.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{report.Facts:N0} facts, {report.Items:N0} items folded again; {(report.ChangedItems == 0 ? "none came out differently." : $"{report.ChangedItems:N0} came out differently and were put right.")}")).ConfigureAwait(false);
            }
            return ExitCodes.Done;
        });
    }
}
