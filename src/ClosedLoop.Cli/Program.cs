using ClosedLoop.Cli;

return await ClosedLoopCommand.RunAsync(args, Console.OpenStandardInput(), Console.Out, Console.Error).ConfigureAwait(false);
