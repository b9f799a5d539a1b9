using System.Runtime.CompilerServices;

namespace SeerMoe.Tool.Tests;

/// <summary>Tests neither read nor change what the user has decided: backends in use, scripts agreed to.</summary>
internal static class OwnHome
{
    [ModuleInitializer]
    internal static void MoveSeerHome()
    {
        if (Environment.GetEnvironmentVariable(StartupHook.Variable) is not null)
        {
            return; // a child process, which has its parent's
        }

        var home = Directory.CreateTempSubdirectory("seer-home-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(home, recursive: true);
        Environment.SetEnvironmentVariable("SEER_HOME", home);
    }
}
