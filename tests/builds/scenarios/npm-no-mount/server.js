console.log(require('tea'))
