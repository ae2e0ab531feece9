using System.Text;
using ClosedLoop.Cli;

// Names and arrows of other alphabets, whatever the machine's own code page.
if (Console.IsOutputRedirected) Console.OutputEncoding = new UTF8Encoding(false);
return await ClosedLoopCommand.RunAsync(args, CliEnvironment.OfProcess()).ConfigureAwait(false);
